/** What a reader works with, or what is said elsewhere, is no part of a figure's picture. */
export const apart =
  ".live-head, .live-alert, .live-status, .controls, .player, .digits-loading, .digit-choice, .drawing-board, " +
  "button, input, select, textarea, progress, details, script, style, [hidden], [data-picture=none]";
