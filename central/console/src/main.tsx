// Starts the console.

import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./app.tsx";
import "./styles/base.css";
import "./styles/audit.css";
import "./styles/shell.css";
import "./styles/codes.css";
import "./styles/connection.css";
import "./styles/dossier.css";
import "./styles/frame.css";
import "./styles/identity.css";
import "./styles/parts.css";
import "./styles/pages.css";
import "./styles/record-form.css";
import "./styles/records.css";
import "./styles/warning.css";

const root = document.getElementById("root");
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
}
