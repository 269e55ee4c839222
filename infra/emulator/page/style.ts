/**
 * The look of everything that the emulator shows in a browser: colours, type, controls. The page at `/emulator/` and the consent
 * page put it into their one `<style>` element. Colours follow the system's setting (`prefers-color-scheme`), and every pair that
 * carries text has a contrast of at least 4.5.
 *
 * Classes: `sheet` (a card in the middle of an otherwise empty page, on `main`), `brand`, `muted`, `mono`, `primary` and `danger`
 * (buttons), `row` (controls side by side), `field` (a label above its control), `list` (a list with lines between its items).
 */
export const baseStyle = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#f6f6f4, #131517);
  --surface: light-dark(#ffffff, #1b1e21);
  --raised: light-dark(#ffffff, #23272b);
  --sunken: light-dark(#eeeeeb, #0f1113);
  --line: light-dark(#dfdfda, #33383d);
  --line-strong: light-dark(#85857d, #767e86);
  --text: light-dark(#1c1e1f, #e7e9ea);
  --muted: light-dark(#5b605f, #a3abb1);
  --accent: light-dark(#1f5f57, #7fd0c2);
  --accent-soft: light-dark(#e0eeeb, #1d3532);
  --on-accent: light-dark(#ffffff, #0d2220);
  --danger: light-dark(#a3271d, #ff9d92);
  --danger-soft: light-dark(#fbe9e6, #3b1f1c);
  --warn: light-dark(#7a4b00, #f2bf6b);
  --warn-soft: light-dark(#fbefd9, #37290f);
  --good: light-dark(#216332, #85d196);
  --good-soft: light-dark(#e3f2e5, #1a311f);
  --shadow: light-dark(0 1px 2px #0000000d, 0 1px 2px #00000066);
  --shadow-high: light-dark(0 12px 40px #00000026, 0 12px 40px #000000b3);
  --radius: 8px;
  --radius-small: 5px;
  --sans: system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif;
  --mono: ui-monospace, 'SF Mono', 'Cascadia Code', 'DejaVu Sans Mono', Menlo, monospace;
}
:root[data-theme='light'] { color-scheme: light; }
:root[data-theme='dark'] { color-scheme: dark; }
*, *::before, *::after { box-sizing: border-box; }
html { background: var(--ground); color: var(--text); font: 14px/1.45 var(--sans); -webkit-text-size-adjust: 100%; }
body { margin: 0; min-height: 100vh; overflow-wrap: anywhere; }
h1, h2, h3, p, ul, ol, dl, dd, fieldset { margin: 0; padding: 0; border: 0; min-width: 0; }
h1 { font-size: 20px; line-height: 1.25; font-weight: 650; letter-spacing: -0.01em; }
h2 { font-size: 15px; line-height: 1.3; font-weight: 650; }
h3 { font-size: 13px; line-height: 1.3; font-weight: 650; }
a { color: var(--accent); text-underline-offset: 2px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
button, input, select, textarea { font: inherit; color: inherit; }
button, .button {
  display: inline-flex; align-items: center; justify-content: center; gap: 6px;
  min-height: 32px; padding: 4px 12px; border: 1px solid var(--line-strong); border-radius: var(--radius-small);
  background: var(--raised); color: var(--text); font-weight: 500; text-decoration: none; cursor: pointer;
}
button:hover:not(:disabled), .button:hover { background: var(--sunken); }
button:disabled { opacity: 0.55; cursor: default; }
button.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
button.primary:hover:not(:disabled) { background: color-mix(in srgb, var(--accent) 88%, var(--text)); }
button.danger { color: var(--danger); border-color: currentColor; }
button.danger:hover:not(:disabled) { background: var(--danger-soft); }
button.plain { border-color: transparent; background: none; }
button.plain:hover:not(:disabled) { background: var(--sunken); }
input:not([type='checkbox'], [type='radio'], [type='color']), select, textarea {
  min-height: 32px; width: 100%; padding: 4px 8px; border: 1px solid var(--line-strong); border-radius: var(--radius-small);
  background: var(--surface);
}
input[type='checkbox'], input[type='radio'] { accent-color: var(--accent); width: 16px; height: 16px; margin: 0; flex: none; }
textarea { min-height: 64px; resize: vertical; }
::placeholder { color: var(--muted); opacity: 1; }
.muted { color: var(--muted); }
.mono { font-family: var(--mono); font-size: 12px; }
.row { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; }
.field { display: grid; gap: 4px; }
.field > span, .field > label, legend { color: var(--muted); font-size: 12px; font-weight: 600; padding: 0; }
.error { color: var(--danger); }
.list { list-style: none; overflow: hidden; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); }
.list > li { display: flex; align-items: center; gap: 10px; padding: 10px 12px; }
.list > li + li { border-top: 1px solid var(--line); }
.brand { display: inline-flex; align-items: center; gap: 8px; font-weight: 650; color: var(--text); text-decoration: none; }
.brand::before {
  content: ''; width: 18px; height: 18px; border-radius: var(--radius-small); flex: none;
  background: linear-gradient(var(--accent) 5px, var(--accent-soft) 5px); border: 1.5px solid var(--accent);
}
.sheet {
  display: grid; gap: 16px; width: min(440px, 100% - 32px); margin: clamp(16px, 10vh, 96px) auto; padding: 24px;
  background: var(--surface); border: 1px solid var(--line); border-radius: 12px; box-shadow: var(--shadow);
}
.visually-hidden {
  position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
}
@media (prefers-reduced-motion: no-preference) {
  button, .button { transition: background-color 120ms; }
}
`;
