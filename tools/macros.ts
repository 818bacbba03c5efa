/**
 * The site's TeX macros, one meaning each. GitHub does not know them, so pages use only these few.
 *
 * alphas: `\abar` is DDPM's cumulative product, DDIM's own alpha.
 */
export const macros: Record<string, string> = {
  "\\abar": "\\bar\\alpha",
  "\\eps": "\\varepsilon",
  "\\epshat": "\\hat\\varepsilon",
  "\\epstheta": "\\varepsilon_\\theta",
  "\\xhat": "\\hat x_0",
  "\\N": "\\mathcal{N}",
  "\\E": "\\mathbb{E}",
  "\\Var": "\\operatorname{Var}",
  "\\SNR": "\\operatorname{SNR}",
  "\\prev": "\\mathrm{prev}",
  "\\dd": "\\mathrm{d}"
};
