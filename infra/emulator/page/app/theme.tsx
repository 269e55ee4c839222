import { effect, signal } from '@preact/signals';

const THEMES = ['system', 'light', 'dark'] as const;
type Theme = (typeof THEMES)[number];

const KEY = 'calendar-emulator.theme';
const theme = signal<Theme>(THEMES.find((name) => name === localStorage.getItem(KEY)) ?? 'system');

effect(() => {
  localStorage.setItem(KEY, theme.value);
  document.documentElement.dataset['theme'] = theme.value;
});

/** A button that goes through the themes. */
export function ThemeButton() {
  const next = (): void => {
    theme.value = THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length] ?? 'system';
  };
  return (
    <button
      type="button"
      class="plain"
      onClick={next}
      title="Change between system, light and dark"
      aria-label={`Theme: ${theme.value}`}
    >
      <span aria-hidden="true">◐</span>
      <span class="wide">{theme.value}</span>
    </button>
  );
}
