// Files on their way to the centre: pictures are made small first, progress is told; a large one goes in parts,
// and on from where it broke off as soon as the line is back.

import { csrfToken, get, Problem, problemOf, send } from "../../api/client.ts";
import type { StoredFile } from "../../api/records.ts";

/** The longer side of a photograph as it is kept: enough to read a type plate. */
const LONGEST_PX = 2_048;
/** Below this a picture is sent as it is. */
const SMALL_BYTES = 400_000;
const JPEG_QUALITY = 0.82;
/** Above this a file goes in parts. */
const WHOLE_BYTES = 1 << 20;
/** What goes at once: a proxy passes on what it has read whole, and only that is not sent again. */
const PART_BYTES = 2 << 20;
/** Between tries on a dead line; it is tried at once when the browser says that it is back. */
const PAUSE_MS = 3_000;
const LONGEST_PAUSE_MS = 30_000;

const pictures = new Map<string, string>();

/** The address of a picture that this browser sent itself: the centre shows it only through a record. */
export function localPicture(sha256: string): string | undefined {
  return pictures.get(sha256);
}

/** A photograph small enough for a slow line; what is no photograph, or small already, as it is. */
export async function shrunk(file: File): Promise<File> {
  if (!/^image\/(jpeg|png|webp)$/.test(file.type) || file.size <= SMALL_BYTES) return file;
  let bitmap: ImageBitmap;
  try {
    // Upright, as the camera says; the copy carries nothing else of what it wrote.
    bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return file; // the centre says what is wrong with it
  }
  const scale = Math.min(1, LONGEST_PX / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  const paper = canvas.getContext("2d");
  if (!paper) return file;
  // JPEG has no transparency: a plan drawn on nothing is drawn on white.
  paper.fillStyle = "#fff";
  paper.fillRect(0, 0, canvas.width, canvas.height);
  paper.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const made = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", JPEG_QUALITY));
  if (!made || made.size >= file.size) return file;
  return new File([made], `${file.name.replace(/\.[^.]*$/, "")}.jpg`, { type: "image/jpeg" });
}

/** Sends one file as a form; `part` is told 0 to 1 of what has left. */
export function sendForm<T>(
  path: string,
  form: FormData,
  part: (done: number) => void,
  stop?: AbortSignal,
): Promise<T> {
  return sendBody("POST", path, form, part, stop);
}

function sendBody<T>(
  method: string,
  path: string,
  body: FormData | Blob,
  part: (done: number) => void,
  stop?: AbortSignal,
): Promise<T> {
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    request.open(method, path);
    request.responseType = "text";
    request.setRequestHeader("accept", "application/json");
    request.setRequestHeader("x-csrf-token", csrfToken());
    request.upload.onprogress = (event) => event.lengthComputable && part(event.loaded / event.total);
    request.onerror = () => fail(new Problem(0));
    request.onabort = () => fail(new Problem(0));
    request.onload = async () => {
      const answer = new Response(request.responseText || null, { status: Math.max(200, request.status) });
      if (request.status >= 200 && request.status < 300) done(JSON.parse(request.responseText) as T);
      else fail(await problemOf(answer, path));
    };
    stop?.addEventListener("abort", () => request.abort());
    request.send(body);
  });
}

interface InParts {
  id: string;
  offset: number;
  size: number;
  file: StoredFile | null;
}

/** What is told of a file on its way: 0 to 1 of what has left, and whether it waits for the line. */
export type Tell = (done: number, waiting: boolean) => void;

const UPLOADS = "/api/v1/files/uploads";
/** Files that were announced, so that trying again by hand goes on with the same one. */
const announced = new WeakMap<File, string>();

export async function upload(file: File, tell: Tell, stop?: AbortSignal): Promise<StoredFile> {
  const stored = file.size > WHOLE_BYTES ? await inParts(file, tell, stop) : await whole(file, tell, stop);
  const { sha256, name, size } = stored;
  if (file.type.startsWith("image/") && !pictures.has(sha256))
    pictures.set(sha256, URL.createObjectURL(file));
  return { sha256, name, size };
}

function whole(file: File, tell: Tell, stop?: AbortSignal): Promise<StoredFile> {
  const form = new FormData();
  form.append("file", file, file.name);
  return sendForm<StoredFile>("/api/v1/files", form, (done) => tell(done, false), stop);
}

async function inParts(file: File, tell: Tell, stop?: AbortSignal): Promise<StoredFile> {
  let offset = -1; // not known: the centre is asked
  let pause = PAUSE_MS;
  for (;;) {
    try {
      const id = announced.get(file);
      if (id === undefined) {
        const body = { name: file.name.slice(-200), size: file.size };
        const begun = (await send<InParts>("POST", UPLOADS, { body, signal: stop })).data;
        announced.set(file, begun.id);
        offset = begun.offset;
        continue;
      }
      if (offset < 0) offset = (await get<InParts>(`${UPLOADS}/${id}`, stop)).offset;
      const from = offset;
      const slice = file.slice(from, from + PART_BYTES);
      const path = `${UPLOADS}/${id}?offset=${from}`;
      const told = await sendBody<InParts>(
        "PATCH",
        path,
        slice,
        (done) => tell((from + done * slice.size) / file.size, false),
        stop,
      );
      if (told.file) return told.file;
      offset = told.offset;
      pause = PAUSE_MS;
    } catch (error) {
      if (stop?.aborted || !(error instanceof Problem)) throw error;
      // The centre has swept it: it is announced anew, next time.
      if (error.status === 404 || error.status === 400) announced.delete(file);
      if (!passing(error)) throw error;
      tell(Math.max(0, offset) / file.size, true);
      offset = -1;
      await lineBack(pause, stop);
      pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
    }
  }
}

/** What passes by itself: no line, a proxy without its centre, a hurry, an offset that another sender moved. */
function passing({ status, code }: Problem): boolean {
  return (
    [0, 408, 502, 504].includes(status) ||
    (status === 503 && code !== "files-away") ||
    (status === 429 && code === "too-many") ||
    (status === 409 && code === "upload-offset")
  );
}

/** Until the browser says that it is online again, or some time has passed; or nobody waits any more. */
function lineBack(ms: number, stop?: AbortSignal): Promise<void> {
  return new Promise((done) => {
    const go = () => {
      clearTimeout(timer);
      window.removeEventListener("online", go);
      stop?.removeEventListener("abort", go);
      done();
    };
    const timer = setTimeout(go, ms);
    window.addEventListener("online", go);
    stop?.addEventListener("abort", go);
  });
}
