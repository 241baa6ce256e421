// Notices to organisations: what is sent, who read it, what they replied.

import { queryOptions } from "@tanstack/react-query";
import { get } from "./client.ts";

export interface NoticeFile {
  sha256: string;
  name: string;
  size: number;
}

export interface NoticeRow {
  id: number;
  title: string;
  agency_id: number;
  agency_name: string;
  sent_at: string;
  sent_name: string;
  reply_by: string | null;
  warning_id: string | null;
  warning_number: string;
  /** Of those that the reader sees: how many there are, read it, replied, are late. */
  receivers: number;
  seen: number;
  replied: number;
  overdue: number;
  /** One's own organisation owes a reply, has not read it. */
  owed: boolean;
  unread: boolean;
}

export interface NoticeReceiver {
  id: number;
  enterprise_id: number | null;
  agency_id: number | null;
  name: string;
  read_at: string | null;
  read_name: string;
  reply: string;
  replied_at: string | null;
  replied_name: string;
  reminders: number;
  reminded_at: string | null;
  overdue: boolean;
  own: boolean;
  files: NoticeFile[];
}

export interface NoticeDetail {
  id: number;
  title: string;
  text: string;
  agency_id: number;
  agency_name: string;
  sent_at: string;
  sent_name: string;
  reply_by: string | null;
  warning_id: string | null;
  warning_number: string;
  warning_title: string;
  files: NoticeFile[];
  receivers: NoticeReceiver[];
  may_reply: boolean;
  may_remind: boolean;
}

export const notice = (id: string) =>
  queryOptions({
    queryKey: ["notice", id],
    queryFn: ({ signal }) => get<NoticeDetail>(`/api/v1/notices/${id}`, signal),
  });

export const noticeFileUrl = (id: number, sha256: string) => `/api/v1/notices/${id}/files/${sha256}`;
