import assert from "node:assert/strict";
import {describe, it} from "node:test";
import {svgRecorder} from "../../src/components/svg-recorder.js";

const draw = (paint: (context: CanvasRenderingContext2D) => void, size: [number, number] = [100, 50]) => {
  const recorder = svgRecorder({size, imageAddress: () => "data:image/png;base64,AA=="});
  paint(recorder.context);
  return recorder.content();
};

describe("svgRecorder", () => {
  it("writes a path with the stroke that was set when it was drawn", () => {
    const content = draw((c) => {
      c.strokeStyle = "rgb(1, 2, 3)";
      c.lineWidth = 1.5;
      c.setLineDash([4, 3]);
      c.globalAlpha = 0.5;
      c.beginPath();
      c.moveTo(1, 2);
      c.lineTo(3.456, 4);
      c.stroke();
    });
    const want =
      '<path d="M1 2L3.46 4" fill="none" stroke="rgb(1, 2, 3)" stroke-width="1.5" stroke-dasharray="4 3" opacity="0.5"/>';
    assert.equal(content, want);
  });

  it("begins a path with a move, also where the canvas was told to go on", () => {
    assert.match(
      draw((c) => {
        c.beginPath();
        c.lineTo(5, 6);
        c.lineTo(7, 8);
        c.stroke();
      }),
      /d="M5 6L7 8"/
    );
  });

  it("writes a whole circle as two arcs, and a part of one with the canvas's direction", () => {
    const arc = (to: number, back = false) =>
      draw((c) => {
        c.beginPath();
        c.arc(10, 10, 5, 0, to, back);
        c.fill();
      });
    assert.match(arc(2 * Math.PI), /d="M15 10A5 5 0 0 1 5 10A5 5 0 0 1 15 10"/);
    assert.match(arc(Math.PI / 2), /d="M15 10A5 5 0 0 1 10 15"/);
    assert.match(arc(Math.PI / 2, true), /d="M15 10A5 5 0 0 0 6.46 6.46A5 5 0 0 0 10 15"/);
  });

  it("moves, turns and enlarges what is drawn, and goes back with restore", () => {
    const content = draw((c) => {
      c.save();
      c.translate(10, 20);
      c.scale(2, 2);
      c.rotate(Math.PI / 2);
      c.fillRect(0, 0, 3, 1);
      c.restore();
      c.fillRect(0, 0, 3, 1);
    });
    const [turned, plain] = content.split("\n");
    assert.match(turned, /d="M10 20L10 26L8 26L8 20Z"/);
    assert.match(plain, /d="M0 0L3 0L3 1L0 1Z"/);
  });

  it("keeps marks of XML out of its text, and control characters altogether", () => {
    const content = draw((c) => {
      c.font = '12px "A & B"';
      c.textAlign = "right";
      c.fillText('a < b & "c"\u0001', 1, 2);
    });
    assert.match(content, />a &lt; b &amp; &quot;c&quot;<\/text>$/);
    assert.match(content, /style="font: 12px &quot;A &amp; B&quot;" text-anchor="end"/);
  });

  it("forgets what was drawn before the whole sheet is cleared", () => {
    assert.equal(
      draw((c) => {
        c.fillRect(0, 0, 5, 5);
        c.clearRect(0, 0, 100, 50);
      }),
      ""
    );
  });

  it("embeds an image, with hard pixels where the canvas has them", () => {
    const content = draw((c) => {
      c.imageSmoothingEnabled = false;
      c.drawImage({width: 4, height: 2} as HTMLCanvasElement, 1, 2, 8, 4);
    });
    assert.match(content, /^<image x="1" y="2" width="8" height="4" href="data:image\/png;base64,AA=="/);
    assert.match(content, /image-rendering: pixelated/);
  });

  it("names a call that it does not know, so that a figure's author can add it", () => {
    assert.throws(() => draw((c) => void c.createConicGradient(0, 0, 0)), /does not know context\.createConicGradient/);
    assert.throws(() => draw((c) => void (c.shadowBlur = 2)), /does not know context\.shadowBlur/);
  });
});
