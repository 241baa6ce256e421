// One value of a record as it is read: words, links that lead on, pictures, rows as a small table.

import { PaperClipOutlined } from "@ant-design/icons";
import { Image } from "antd";
import { fileUrl, type StoredFile, type Values } from "../../api/records.ts";
import { useLanguage, useText } from "../../locales/index.tsx";
import { Link } from "../../parts/Link.tsx";
import { type Mark, MarkedPicture } from "./MarkedPicture.tsx";
import { Masked } from "./Masked.tsx";
import { type Field, labelOf } from "./spec.ts";
import type { Spot } from "./spot.ts";
import { isEmpty, type Place } from "./values.ts";
import { sizeWords, valueWords } from "./words.ts";

interface Props {
  field: Field;
  value: unknown;
  /** The record through which files are seen. */
  of?: { register: string; id: number };
  /** Where the value stands in that record. */
  place?: Place;
  /** The picture on which a mark stands. */
  plan?: StoredFile;
}

export function Value({ field, value, of, place, plan }: Props) {
  const text = useText();
  const { language } = useLanguage();
  if (isEmpty(value)) return <span className="faint">–</span>;
  if (field.kind === "picture" && of) return <Pictures files={value as StoredFile[]} of={of} />;
  if (field.kind === "file" && of) return <Files files={value as StoredFile[]} of={of} />;
  if (field.kind === "group")
    return <RowTable field={field} rows={value as Values[]} of={of} place={place} />;
  if (field.kind === "link") return <Linked field={field} value={value as { id: string; label: string }} />;
  if (field.kind === "mark" && of && plan)
    return (
      <MarkedPicture
        source={fileUrl(of.register, of.id, plan.sha256)}
        name={plan.name}
        mark={value as Mark}
      />
    );
  const words = valueWords(field, value, text, language);
  if (field.personal && of && place)
    return <Masked of={of} place={place} words={words} phone={field.personal === "phone"} />;
  if (field.kind === "spot") return <OnMap spot={value as Spot} words={words} />;
  return <span className={field.kind === "long-text" ? "long-words" : undefined}>{words}</span>;
}

/** A place leads to the map, with what lies around it. */
function OnMap({ spot, words }: { spot: Spot; words: string }) {
  const text = useText();
  return (
    <>
      {words}{" "}
      <Link to={`/map?tab=near&longitude=${spot.longitude}&latitude=${spot.latitude}`}>
        {text.map.near.open}
      </Link>
    </>
  );
}

function Linked({ field, value }: { field: Field; value: { id: string; label: string } }) {
  const label = value.label || value.id;
  if (field.to === "enterprise") return <Link to={`/enterprises/${value.id}`}>{label}</Link>;
  const plain = /^(account|region|industry|agency|gateway|point|dictionary\/.*)$/.test(field.to);
  return plain ? label : <Link to={`/registers/${field.to}/${value.id}`}>{label}</Link>;
}

function Pictures({ files, of }: { files: readonly StoredFile[]; of: { register: string; id: number } }) {
  return (
    <Image.PreviewGroup>
      <span className="thumbnails">
        {files.map((file) => (
          <Image
            key={file.sha256}
            width={96}
            height={72}
            alt={file.name}
            src={fileUrl(of.register, of.id, file.sha256, true)}
            preview={{ src: fileUrl(of.register, of.id, file.sha256) }}
          />
        ))}
      </span>
    </Image.PreviewGroup>
  );
}

function Files({ files, of }: { files: readonly StoredFile[]; of: { register: string; id: number } }) {
  return (
    <ul className="files-list">
      {files.map((file) => (
        <li key={file.sha256}>
          <a href={fileUrl(of.register, of.id, file.sha256)} download={file.name}>
            <PaperClipOutlined /> {file.name}
          </a>{" "}
          <span className="faint">{sizeWords(file.size)}</span>
        </li>
      ))}
    </ul>
  );
}

function RowTable({
  field,
  rows,
  of,
  place,
}: {
  field: Field;
  rows: readonly Values[];
  of: Props["of"];
  place: Props["place"];
}) {
  const { language } = useLanguage();
  const numbered = field.inside.some((inner) => inner.kind === "mark");
  const shown = field.inside.filter((inner) => rows.some((row) => !isEmpty(row[inner.name])));
  return (
    <div className="row-table-box">
      <table className="row-table">
        <thead>
          <tr>
            {numbered && <th scope="col">#</th>}
            {shown.map((inner) => (
              <th key={inner.name} scope="col">
                {labelOf(inner, language)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows of a record have no names and are only read
            <tr key={index}>
              {numbered && <td data-label="#">{index + 1}</td>}
              {shown.map((inner) => (
                <td key={inner.name} data-label={labelOf(inner, language)}>
                  <Value
                    field={inner}
                    value={row[inner.name]}
                    of={of}
                    place={place && [...place, index, inner.name]}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
