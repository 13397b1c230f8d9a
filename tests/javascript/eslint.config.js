import { readdirSync, readFileSync } from "node:fs";

import js from "@eslint/js";
import globals from "globals";

// The review grid's scripts are joined into one module before the browser gets them: what one declares, others use.
const GRID = new URL("../../fercore/ui/review_grid/", import.meta.url);
const declared = readdirSync(GRID)
  .filter((name) => name.endsWith(".js"))
  .flatMap((name) => [...readFileSync(new URL(name, GRID), "utf8").matchAll(/^(?:class|function|const|let) (\w+)/gm)]);
const JOINED = Object.fromEntries(declared.map((match) => [match[1], "readonly"]));
const EXPORTING = ["**/review_grid/grid.js", "**/photo_cutter/photo.js", "**/matrix.js"]; // the components' entries
const STRICT = {
  ...js.configs.recommended.rules,
  eqeqeq: "error",
  "no-var": "error",
  "prefer-const": "error",
  "no-shadow": "error",
  "no-implicit-globals": "off",
  "no-redeclare": ["error", { builtinGlobals: false }],
  complexity: ["error", 15],
  "max-lines": ["error", 250],
  "max-params": ["error", 5],
};

export default [
  { ignores: ["**/vendor/**", "**/node_modules/**"] },
  {
    files: ["**/fercore/**/*.js"],
    languageOptions: { sourceType: "script", globals: { ...globals.browser, ...JOINED } },
    rules: { ...STRICT, "no-unused-vars": ["error", { vars: "local", ignoreRestSiblings: true }] },
  },
  { files: EXPORTING, languageOptions: { sourceType: "module" } },
  {
    files: ["**/javascript/**/*.js"],
    languageOptions: { sourceType: "module", globals: globals.node },
    rules: STRICT,
  },
];
