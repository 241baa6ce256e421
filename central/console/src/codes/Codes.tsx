// The codes of subjects as a list: one kind at a time, to print, to look at, to revoke.

import { PrinterOutlined, QrcodeOutlined } from "@ant-design/icons";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Drawer } from "antd";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { withQuery } from "../api/client.ts";
import { type CodeRow, codeList, revokeCode } from "../api/codes.ts";
import type { ListQuery } from "../api/list.ts";
import { useMe } from "../identity/me.tsx";
import { useLanguage, useText } from "../locales/index.tsx";
import { ConfirmReason } from "../parts/ConfirmReason.tsx";
import { Details } from "../parts/Details.tsx";
import { ListPage } from "../parts/ListPage.tsx";
import type { Column } from "../parts/Rows.tsx";

export function Codes() {
  const text = useText();
  const words = text.subjectCodes;
  const { language } = useLanguage();
  const [search] = useSearchParams();
  const [open, setOpen] = useState<CodeRow | null>(null);
  const register = search.get("register") || "enterprise";
  const first = useInfiniteQuery(codeList({ q: "", register: "enterprise" }));
  const kinds = first.data?.pages[0]?.kinds ?? [];
  const columns: Column<CodeRow>[] = [
    {
      key: "title",
      title: words.name,
      width: "minmax(14rem, 2fr)",
      always: true,
      cell: (row) => (
        <span className="two-lines">
          <strong>{row.title}</strong>
          {row.owner_name && <span className="faint">{row.owner_name}</span>}
        </span>
      ),
    },
    { key: "place", title: words.place, width: "minmax(8rem, 1fr)", cell: (row) => row.place_name },
    {
      key: "issue",
      title: words.issue,
      width: "minmax(8rem, 1fr)",
      cell: (row) => (
        <span>
          {words.issueOf(row.issue)}
          {row.revoked_at && <span className="faint"> · {words.renewed}</span>}
        </span>
      ),
    },
  ];
  return (
    <>
      <ListPage<CodeRow>
        name="codes"
        title={words.title}
        note={words.note}
        query={codeList as unknown as ListQuery<CodeRow>}
        fixed={{ register }}
        fields={[
          {
            kind: "select",
            name: "register",
            label: words.kind,
            width: 200,
            options: [
              { value: "", label: language === "en" ? "Enterprises" : "企业" },
              ...kinds
                .filter((kind) => kind.register !== "enterprise")
                .map((kind) => ({
                  value: kind.register,
                  label: language === "en" ? kind.title_en : kind.title,
                })),
            ],
          },
          { kind: "text", name: "q", label: words.search },
        ]}
        rows={{
          columns,
          rowKey: (row) => row.token,
          open: setOpen,
          name: (row) => row.title,
        }}
        actions={
          <Button
            icon={<PrinterOutlined />}
            href={withQuery("/codes/sheet", { register, q: search.get("q") })}
            target="_blank"
          >
            {words.print}
          </Button>
        }
        empty={words.empty}
      />
      <OneCode row={open} close={() => setOpen(null)} renewed={setOpen} />
    </>
  );
}

function OneCode({
  row,
  close,
  renewed,
}: {
  row: CodeRow | null;
  close: () => void;
  renewed: (row: CodeRow) => void;
}) {
  const words = useText().subjectCodes;
  const me = useMe();
  const client = useQueryClient();
  const { message } = App.useApp();
  const [revoking, setRevoking] = useState(false);
  return (
    <Drawer title={row?.title} open={row !== null} onClose={close} size={420}>
      {row && (
        <div className="one-code">
          <img src={row.picture} alt={row.url} width={240} height={240} />
          <Details
            items={[
              [words.owner, row.owner_name],
              [words.place, row.place_name],
              [words.issue, words.issueOf(row.issue)],
              [
                words.address,
                <span key="url" className="break">
                  {row.url}
                </span>,
              ],
            ]}
          />
          <div className="form-foot">
            <Button
              type="primary"
              icon={<PrinterOutlined />}
              href={withQuery("/codes/sheet", { register: row.register, ids: row.record_id })}
              target="_blank"
            >
              {words.printOne}
            </Button>
            <Button icon={<QrcodeOutlined />} href={`/c/${row.token}`} target="_blank">
              {words.open}
            </Button>
            {me.may.includes("review") && <Button onClick={() => setRevoking(true)}>{words.revoke}</Button>}
          </div>
          <ConfirmReason
            title={words.revokeTitle(row.title)}
            what={words.revokeWhat}
            usual={words.revokeUsual}
            open={revoking}
            close={() => setRevoking(false)}
            submit={words.revoke}
            run={async (reason) => renewed(await revokeCode(row.token, reason))}
            done={() => {
              message.success(words.revoked, 5);
              client.invalidateQueries({ queryKey: ["codes-of-subjects"] });
            }}
          />
        </div>
      )}
    </Drawer>
  );
}
