// Photographs of a warning: taken with the phone while something is told, and shown small beside the story.

import { Image } from "antd";
import { photoUrl, type WarningPhoto } from "../api/handling.ts";
import type { StoredFile } from "../api/records.ts";
import { useText } from "../locales/index.tsx";
import { fullTime } from "../parts/time.ts";
import { FilesInput } from "../registry/records/FilesInput.tsx";
import { FormAroundProvider } from "../registry/records/FormContext.tsx";
import type { Field } from "../registry/records/spec.ts";

const MOST = 9;
const FIELD: Field = {
  name: "photos",
  kind: "picture",
  zh: "现场照片",
  en: "Photographs",
  note: "",
  unit: "",
  decimals: undefined,
  low: undefined,
  high: undefined,
  longest: MOST,
  choices: [],
  to: "",
  required: false,
  when: null,
  personal: "",
  uncertain: false,
  inside: [],
};
const AROUND = { register: "warning", recordId: null, fields: [FIELD], owner: {} };

/** Pictures from the camera or the album; made small and sent at once, named when the form is sent. */
export function PhotosInput({
  value,
  onChange,
}: {
  value: StoredFile[];
  onChange: (files: StoredFile[]) => void;
}) {
  return (
    <FormAroundProvider value={AROUND}>
      <FilesInput field={FIELD} value={value} onChange={(files) => onChange(files ?? [])} />
    </FormAroundProvider>
  );
}

export function PhotoWall({ id, photos }: { id: string; photos: readonly WarningPhoto[] }) {
  const text = useText();
  if (photos.length === 0) return null;
  return (
    <Image.PreviewGroup>
      <ul className="plain photo-wall" aria-label={text.handling.photos}>
        {photos.map((photo) => (
          <li key={photo.sha256}>
            <Image
              src={photoUrl(id, photo.sha256, true)}
              preview={{ src: photoUrl(id, photo.sha256) }}
              alt={photo.name}
              width={104}
              height={78}
            />
            <span className="faint">{photo.who}</span>
            <time className="faint number" dateTime={photo.at}>
              {fullTime(photo.at)}
            </time>
          </li>
        ))}
      </ul>
    </Image.PreviewGroup>
  );
}
