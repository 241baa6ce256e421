// Posts of the own office and of those below.

import type { Post } from "../api/organisation.ts";
import { useText } from "../locales/index.tsx";
import { useOwnerFilters } from "./filters.ts";
import { useOwnerFields } from "./owner.tsx";
import { Register } from "./Register.tsx";

export function Posts() {
  const text = useText().organisation;
  const words = text.posts;
  const owners = useOwnerFields();
  const filters = useOwnerFilters(words.search);
  return (
    <Register<Post>
      path="posts"
      title={words.title}
      one={words.one}
      empty={words.empty}
      nameOf={(row) => row.name}
      filters={filters}
      columns={[
        {
          key: "name",
          title: text.name,
          width: "minmax(9rem, 1.2fr)",
          always: true,
          cell: (row) => <strong>{row.name}</strong>,
        },
        { key: "owner", title: text.owner, width: "minmax(10rem, 1.4fr)", cell: (row) => row.owner_name },
        {
          key: "description",
          title: words.description,
          width: "minmax(12rem, 2.4fr)",
          cell: (row) => row.description,
        },
        {
          key: "people",
          title: text.people,
          width: "5rem",
          end: true,
          cell: (row) => text.peopleCount(row.people),
        },
      ]}
      details={(row) => [
        [text.owner, row.owner_name],
        [words.description, row.description],
        [text.people, text.peopleCount(row.people)],
      ]}
      fields={(row) => [
        ...(row ? [] : owners),
        { name: "name", label: text.name, required: true, max: 100 },
        { name: "description", label: words.description, kind: "long", max: 2000 },
        { name: "sequence", label: text.sequence, kind: "number", least: 0, most: 9999 },
      ]}
      blank={{ agency_id: null, enterprise_id: null, name: "", description: "", sequence: 0 }}
      values={(row) => ({ ...row })}
    />
  );
}
