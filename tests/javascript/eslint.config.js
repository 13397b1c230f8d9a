import { readdirSync, readFileSync } from "node:fs";

import js from "@eslint/js";
import globals from "globals";

// The scripts of a component are joined into one module before the browser gets them: what one declares, others use.
const UI = new URL("../../fercore/ui/", import.meta.url);
const declaredIn = (folder) =>
  readdirSync(new URL(folder, UI))
    .filter((name) => name.endsWith(".js"))
    .flatMap((name) => [...readFileSync(new URL(`${folder}/${name}`, UI), "utf8").matchAll(/^(?:class|(?:async )?function|const|let) (\w+)/gm)]);
const joined = (folder, from = folder) => ({
  files: [`**/${folder}/*.js`],
  languageOptions: { globals: Object.fromEntries(declaredIn(from).map((match) => [match[1], "readonly"])) },
});
// The components' entries.
const ENTRIES = ["review_grid/grid.js", "results_table/table.js", "photo_cutter/photo.js", "confusion_matrix/*.js", "chart_files/*.js", "ticker/*.js", "scatter_map/map.js", "face_picker/picker.js", "photo_input/input.js"];
const EXPORTING = ENTRIES.map((name) => `**/${name}`);
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
    languageOptions: { sourceType: "script", globals: globals.browser },
    rules: { ...STRICT, "no-unused-vars": ["error", { vars: "local", ignoreRestSiblings: true }] },
  },
  joined("review_grid"),
  joined("photo_cutter", "review_grid"),
  joined("results_table"),
  joined("scatter_map"),
  joined("face_picker"),
  joined("photo_input"),
  { files: EXPORTING, languageOptions: { sourceType: "module" } },
  {
    files: ["**/javascript/**/*.js"],
    languageOptions: { sourceType: "module", globals: globals.node },
    rules: STRICT,
  },
];
