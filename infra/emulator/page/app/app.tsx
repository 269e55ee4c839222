import { ThemeButton } from './theme.tsx';

/** The whole page. */
export function App() {
  return (
    <header class="bar">
      <span class="brand">Calendar emulator</span>
      <ThemeButton />
    </header>
  );
}
