// Reads a code of this system with the camera and opens its page; where there is no camera, words are searched for.

import { Button, Input } from "antd";
import { useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { useText } from "../locales/index.tsx";
import { Card, PageHead } from "../parts/Page.tsx";

interface Detector {
  detect: (source: HTMLVideoElement) => Promise<{ rawValue: string }[]>;
}
type DetectorClass = new (options: { formats: string[] }) => Detector;

/** The browser's own reader of codes; not every browser has one. */
const reader = (window as unknown as { BarcodeDetector?: DetectorClass }).BarcodeDetector;
const EVERY_MS = 250;

/** The path of one of our own pages; null for everything else that a code may hold. */
export function ownPath(said: string): string | null {
  try {
    const url = new URL(said, window.location.origin);
    if (url.origin !== window.location.origin || url.pathname.startsWith("/api/")) return null;
    return url.pathname + url.search;
  } catch {
    return null;
  }
}

export function Scan() {
  const text = useText();
  const navigate = useNavigate();
  const [words, setWords] = useState("");
  const [on, setOn] = useState(false);
  const [problem, setProblem] = useState("");
  const found = (said: string) => {
    const path = /^https?:\/\//.test(said) ? ownPath(said) : null;
    if (path) navigate(path);
    else if (/^https?:\/\//.test(said)) setProblem(text.scan.foreign);
    else navigate(`/enterprises?q=${encodeURIComponent(said)}`);
  };
  const possible = reader !== undefined && navigator.mediaDevices !== undefined;
  return (
    <div className="page page-narrow">
      <PageHead title={text.nav.scan} note={text.scan.note} />
      <Card>
        {on ? (
          <Camera
            found={(said) => {
              setOn(false);
              found(said);
            }}
            failed={() => {
              setOn(false);
              setProblem(text.scan.noCamera);
            }}
          />
        ) : possible ? (
          <Button type="primary" size="large" block onClick={() => setOn(true)}>
            {text.scan.start}
          </Button>
        ) : (
          <p className="quiet-line">{text.scan.impossible}</p>
        )}
        {problem && (
          <p className="form-missing" role="alert">
            <span aria-hidden="true">!</span> {problem}
          </p>
        )}
        <form
          className="form scan-by-hand"
          onSubmit={(event) => {
            event.preventDefault();
            if (words.trim()) found(words.trim());
          }}
        >
          <Input.Search
            size="large"
            aria-label={text.scan.byHand}
            placeholder={text.scan.byHand}
            value={words}
            maxLength={100}
            onChange={(event) => setWords(event.target.value)}
            onSearch={(said) => said.trim() && found(said.trim())}
          />
        </form>
      </Card>
    </div>
  );
}

function Camera({ found, failed }: { found: (said: string) => void; failed: () => void }) {
  const text = useText();
  const video = useRef<HTMLVideoElement>(null);
  const tell = useRef({ found, failed });
  tell.current = { found, failed };
  useEffect(() => {
    if (!reader) return;
    const detector = new reader({ formats: ["qr_code"] });
    let stream: MediaStream | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let over = false;
    const look = async () => {
      const seen =
        video.current?.readyState === 4 ? await detector.detect(video.current).catch(() => []) : [];
      if (over) return;
      const said = seen[0]?.rawValue;
      if (said) tell.current.found(said);
      else timer = setTimeout(look, EVERY_MS);
    };
    navigator.mediaDevices
      .getUserMedia({ video: { facingMode: "environment" } })
      .then((given) => {
        stream = given;
        if (over || !video.current) {
          for (const track of given.getTracks()) track.stop();
          return;
        }
        video.current.srcObject = given;
        void video.current.play();
        void look();
      })
      .catch(() => !over && tell.current.failed());
    return () => {
      over = true;
      clearTimeout(timer);
      for (const track of stream?.getTracks() ?? []) track.stop();
    };
  }, []);
  return <video ref={video} className="scan-picture" muted playsInline aria-label={text.scan.picture} />;
}
