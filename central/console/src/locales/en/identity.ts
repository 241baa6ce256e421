// English words of signing in and the user's own page.

import type { identityWords as Words } from "../zh-CN/identity.ts";

export const identityWords: typeof Words = {
  login: {
    title: "Sign in",
    account: "Account",
    password: "Password",
    submit: "Sign in",
    accountMissing: "Please enter your account",
    passwordMissing: "Please enter your password",
    wrong: "Account or password is not right; please try again",
    locked: "Too many attempts; please try again later",
    signedOut: "You have been signed out; please sign in again",
    capsLock: "Caps lock is on",
  },
  me: {
    title: "Me",
    role: "Role",
    place: "Jurisdiction",
    unit: "Unit",
    may: "What you may do",
    mayNothing: "View only",
    language: "Language",
    sound: "Sound for red warnings",
    soundHelp: "One tone when a new red warning arrives",
    soundTest: "Listen",
    signOut: "Sign out",
    operations: {
      acknowledge: "Acknowledge warnings",
      handle: "Handle warnings",
      "false-alarm": "Mark false alarms",
      close: "Verify and close",
      command: "Send commands to gateways",
      cover: "Shelve alarms, take them out of service",
      audit: "Read the audit log",
      see: "See",
    },
  },
};
