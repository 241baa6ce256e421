// Files on their way to the centre: pictures are made small first, progress is told, and a broken line is
// tried again by hand.

import { csrfToken, Problem, problemOf } from "../../api/client.ts";
import type { StoredFile } from "../../api/records.ts";

/** The longer side of a photograph as it is kept: enough to read a type plate. */
const LONGEST_PX = 2_000;
/** Below this a picture is sent as it is. */
const SMALL_BYTES = 400_000;
const JPEG_QUALITY = 0.82;

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
    bitmap = await createImageBitmap(file);
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
  return new Promise((done, fail) => {
    const request = new XMLHttpRequest();
    request.open("POST", path);
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
    request.send(form);
  });
}

export async function upload(
  file: File,
  part: (done: number) => void,
  stop?: AbortSignal,
): Promise<StoredFile> {
  const form = new FormData();
  form.append("file", file, file.name);
  const { sha256, name, size } = await sendForm<StoredFile>("/api/v1/files", form, part, stop);
  if (file.type.startsWith("image/") && !pictures.has(sha256))
    pictures.set(sha256, URL.createObjectURL(file));
  return { sha256, name, size };
}
