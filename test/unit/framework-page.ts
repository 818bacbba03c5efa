/** A page as Framework 1.13.4 writes it. */
export function frameworkPage({title = "DDIM | DDIM Notebook", main = "<p>First. Then.</p>", toc = ""} = {}): string {
  return `<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, maximum-scale=1">
<title>${title}</title>
</head>
<body>
<input id="observablehq-sidebar-toggle" type="checkbox" title="Toggle sidebar">
<nav id="observablehq-sidebar">
  <ol>
    <label id="observablehq-sidebar-close" for="observablehq-sidebar-toggle"></label>
    <li class="observablehq-link"><a href="./">DDIM Notebook</a></li>
  </ol>
  <ol>
    <li class="observablehq-link observablehq-link-active"><a href="./ddim.html">6 DDIM</a></li>
  </ol>
</nav>
<aside id="observablehq-toc" data-selector="h2">
<nav>${toc}
</nav>
</aside>
<main id="observablehq-main" class="observablehq">
${main}</main>
</body>
</html>
`;
}
