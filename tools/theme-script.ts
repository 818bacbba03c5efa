// In the head and not in a module, so that the page is never painted in the wrong theme.
const script = `
{
  let theme;
  try { theme = localStorage.getItem("theme"); } catch {}
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
}
`;

/**
 * The lines for a page's head that apply the theme which the reader chose (src/components/theme-switch.ts), and hide the
 * button where no script could give it its work.
 */
export const themeScript = `<meta name="color-scheme" content="light dark">\n<script>${script}</script>
<noscript><style>#theme-switch {display: none}</style></noscript>`;
