/** A number as SVG writes it: two decimals, which is a hundredth of a pixel. */
export function svgNumber(value: number): string {
  return String(Math.round(value * 100) / 100 + 0); // + 0: no minus sign before a zero
}

/** Text for XML: marks are escaped, and control characters, which XML forbids, are left out. */
export function xmlText(text: string): string {
  const clean = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "");
  return clean.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** An element of SVG; attributes that are undefined or empty are left out. */
export function svgElement(
  name: string,
  attributes: Record<string, string | number | undefined>,
  content = ""
): string {
  const parts = Object.entries(attributes)
    .filter(([, value]) => value !== undefined && value !== "")
    .map(([key, value]) => ` ${key}="${typeof value === "number" ? svgNumber(value) : xmlText(value!)}"`);
  return content ? `<${name}${parts.join("")}>${content}</${name}>` : `<${name}${parts.join("")}/>`;
}
