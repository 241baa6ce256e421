// One enterprise on one page (一企一档): who it is and whom to call, how dangerous and why, what it keeps and owes.

import { EllipsisOutlined, QrcodeOutlined, StarFilled, StarOutlined } from "@ant-design/icons";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { App, Button, Dropdown } from "antd";
import { type ReactNode, useState } from "react";
import { useNavigate, useParams, useSearchParams } from "react-router";
import { send, withQuery } from "../api/client.ts";
import { type Dossier, dossier } from "../api/dossier.ts";
import { GatewayRows } from "../devices/GatewayRows.tsx";
import { useText } from "../locales/index.tsx";
import { ConfirmReason } from "../parts/ConfirmReason.tsx";
import { Link } from "../parts/Link.tsx";
import { Card, useTitle } from "../parts/Page.tsx";
import { PersonalPhone } from "../parts/PersonalPhone.tsx";
import { Failed, Loading, problemWords } from "../parts/States.tsx";
import { WhySeen } from "../parts/WhySeen.tsx";
import { RiskCard } from "../risk/RiskCard.tsx";
import { Blocks } from "./Blocks.tsx";
import { Changes, Due, Files, Log, PortraitCard, RecentWarnings } from "./DossierParts.tsx";
import { FactsForm } from "./FactsForm.tsx";
import { OpenWarnings, Values } from "./PlantNow.tsx";
import { RiskBadge } from "./RiskBadge.tsx";
import { StatusForm } from "./StatusForm.tsx";
import { StatusSign } from "./StatusSign.tsx";

const TABS = ["overview", "records", "live", "files", "log"] as const;

export function EnterprisePage() {
  const text = useText();
  const { id = "" } = useParams();
  const [search] = useSearchParams();
  const view = useQuery(dossier(id));
  useTitle(view.data?.facts.name ?? text.enterprises.title);
  if (view.isPending) return <Loading rows={8} />;
  if (view.isError && !view.data)
    return <Failed error={view.error} retry={() => view.refetch()} missing={text.enterprise.missing} />;
  const asked = TABS.find((tab) => tab === search.get("tab"));
  const here = asked ?? (search.get("point") ? "live" : "overview");
  const page = view.data;
  return (
    <div className="page enterprise">
      <Head page={page} />
      <nav className="page-tabs" aria-label={page.facts.name}>
        {TABS.map((tab) => (
          <Link
            key={tab}
            to={tab === "overview" ? "?" : `?tab=${tab}`}
            replace
            className="page-tab"
            aria-current={tab === here ? "page" : undefined}
          >
            {text.dossier.tabs[tab]}
          </Link>
        ))}
      </nav>
      {here === "overview" && (
        <>
          <OpenWarnings id={id} />
          <div className="dossier-two">
            <PortraitCard page={page} />
            <Due page={page} />
          </div>
          <RiskCard id={page.facts.id} />
          <Changes page={page} />
          <Blocks page={page} short />
        </>
      )}
      {here === "records" && <Blocks page={page} />}
      {here === "live" && (
        <>
          <OpenWarnings id={id} />
          <Values id={id} />
          <RecentWarnings page={page} />
          <Card title={text.enterprise.gateways} className="card-flush">
            {page.gateways.length === 0 ? (
              <p className="quiet-line">{text.enterprise.noGateways}</p>
            ) : (
              <GatewayRows rows={page.gateways} />
            )}
          </Card>
        </>
      )}
      {here === "files" && <Files page={page} />}
      {here === "log" && <Log id={id} />}
    </div>
  );
}

function Head({ page }: { page: Dossier }) {
  const text = useText();
  const { facts } = page;
  const position =
    facts.longitude !== null && facts.latitude !== null
      ? `${facts.longitude.toFixed(5)}, ${facts.latitude.toFixed(5)}`
      : null;
  const around = `/map?tab=near&longitude=${facts.longitude}&latitude=${facts.latitude}&name=${encodeURIComponent(facts.name)}`;
  const said: [string, ReactNode][] = [
    [text.enterprise.creditCode, facts.credit_code],
    [text.enterprise.code, facts.code === facts.credit_code ? null : facts.code],
    [text.lifeForms.sector, facts.sector_name],
    [text.enterprises.industry, facts.industry],
    [text.enterprise.hazard, facts.hazard_class ? text.hazardClass(facts.hazard_class) : null],
    [text.enterprise.address, [facts.region_name, facts.address].filter(Boolean).join(" ")],
    [
      text.dossier.position,
      position && (
        <>
          {position} <Link to={around}>{text.map.near.open}</Link>
        </>
      ),
    ],
    [text.enterprise.supervision, page.supervision.map((agency) => agency.name).join(" → ")],
  ];
  return (
    <section className="card head" aria-label={facts.name}>
      <div className="head-main">
        <h1 className="head-name">{facts.name}</h1>
        <div className="head-signs">
          <RiskBadge portrait={page.portrait} />
          <StatusSign facts={facts} />
          {page.removal && page.removal.state !== "used" && (
            <span className="note">{text.dossier.removalStates[page.removal.state]}</span>
          )}
        </div>
        <dl className="head-facts">
          {said
            .filter(([, value]) => value)
            .map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
        </dl>
      </div>
      <div className="head-call">
        <span className="faint">{text.enterprises.contact}</span>
        <PersonalPhone
          kind="enterprise-contact"
          id={facts.id}
          name={facts.contact_name}
          phone={facts.contact_phone}
          wide
        />
        <Acts page={page} />
        <WhySeen kind="enterprise" id={facts.id} />
      </div>
    </section>
  );
}

/** Watching, the code, and what may be done with the enterprise itself: grey where a right is missing, with why. */
function Acts({ page }: { page: Dossier }) {
  const text = useText();
  const words = text.dossier;
  const forms = text.lifeForms;
  const { facts } = page;
  const client = useQueryClient();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const [open, setOpen] = useState<"edit" | "status" | "ask" | "remove" | null>(null);
  const path = `/api/v1/enterprises/${facts.id}`;
  const again = () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ["dossier", String(facts.id)] }),
      client.invalidateQueries({ queryKey: ["enterprises"] }),
    ]);
  const watch = useMutation({
    mutationFn: () => send("PUT", `${path}/watch`),
    onSuccess: again,
    onError: (error) => message.error(problemWords(error, text), 6),
  });
  const unwatch = useMutation({
    mutationFn: () => send("DELETE", `${path}/watch`),
    onSuccess: again,
    onError: (error) => message.error(problemWords(error, text), 6),
  });
  return (
    <div className="head-acts">
      <Button
        size="small"
        icon={page.watched ? <StarFilled /> : <StarOutlined />}
        title={words.watchHelp}
        aria-pressed={page.watched}
        loading={watch.isPending || unwatch.isPending}
        onClick={() => (page.watched ? unwatch : watch).mutate()}
      >
        {page.watched ? words.watching : words.watch}
      </Button>
      <Button
        size="small"
        icon={<QrcodeOutlined />}
        href={withQuery("/codes/sheet", { register: "enterprise", ids: facts.id })}
        target="_blank"
      >
        {words.code}
      </Button>
      {page.may.edit && (
        <Dropdown
          trigger={["click"]}
          menu={{
            items: [
              { key: "edit", label: words.edit },
              { key: "status", label: words.changeStatus },
              { type: "divider" },
              { key: "ask", label: words.askRemoval, disabled: !page.may.ask_removal },
              {
                key: "remove",
                label: words.remove,
                disabled: !page.may.remove,
                title: page.may.remove ? undefined : words.removeHelp,
              },
            ],
            onClick: ({ key }) => setOpen(key as typeof open),
          }}
        >
          <Button size="small" icon={<EllipsisOutlined />}>
            {words.more}
          </Button>
        </Dropdown>
      )}
      <FactsForm
        facts={facts}
        open={open === "edit"}
        close={() => setOpen(null)}
        done={again}
        reload={again}
      />
      <StatusForm facts={facts} open={open === "status"} close={() => setOpen(null)} done={again} />
      <ConfirmReason
        title={forms.askRemoval}
        what={forms.askRemovalWhat}
        usual={forms.usualRemoval}
        open={open === "ask"}
        close={() => setOpen(null)}
        run={(reason) => send("POST", `${path}/removal`, { body: { reason } })}
        done={again}
      />
      <ConfirmReason
        title={forms.remove}
        what={forms.removeWhat}
        usual={forms.usualRemoval}
        open={open === "remove"}
        close={() => setOpen(null)}
        run={(reason) => send("DELETE", withQuery(path, { reason }), { etag: `"${facts.version}"` })}
        done={() => {
          client.invalidateQueries({ queryKey: ["enterprises"] });
          navigate("/enterprises");
        }}
        submit={words.remove}
      />
    </div>
  );
}
