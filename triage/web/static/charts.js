// A JSON block beside each plot -> a chart in the colours of the page. The table behind it says the
// same; without this script, or without the plotting library, the table alone is there.
(() => {
  "use strict";

  const TONES = ["--chart-a", "--chart-b", "--chart-c", "--chart-d", "--chart-e"];
  const DASHES = ["solid", "dash", "dot", "longdash", "dashdot"];
  const SYMBOLS = ["circle", "diamond", "square", "triangle-up", "x"];
  const NARROW = 480;
  const PAPER_WIDTH = 640;
  const root = document.documentElement;
  let onPaper = false;

  const colour = (name) => getComputedStyle(root).getPropertyValue(name).trim();

  // What people wrote is text: the library reads some tags in it.
  const plain = (text) => String(text).replace(/&/g, "&amp;").replace(/</g, "&lt;");

  const shorter = (text, most) => (text.length > most ? text.slice(0, most - 1) + "…" : text);

  const scaled = (block, values) =>
    values.map((one) => (one === null ? null : block.unit === "points" ? 100 * one : one));

  const parts = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));

  const faded = (hex, share) => `rgba(${parts(hex)},${share})`;

  // As faded, but nothing behind it is seen through it.
  const mixed = (hex, share) => {
    const ground = parts(colour("--panel"));
    return `rgb(${parts(hex).map((one, at) => Math.round(one * share + ground[at] * (1 - share)))})`;
  };

  const toneOf = (series, place) => colour(TONES[series.tone ?? place % TONES.length]);

  const hover = (series) => ({
    customdata: series.said.map(plain),
    hovertemplate: `%{customdata}<extra>${plain(series.name)}</extra>`,
  });

  // Bounds are drawn run by run: where nothing is known there is no band.
  const bands = (block, series, tone) => {
    if (!series.low) return [];
    const low = scaled(block, series.low);
    const high = scaled(block, series.high);
    const runs = [];
    let run = [];
    const along = series.x ?? block.x;
    along.forEach((_, at) => {
      if (low[at] !== null && high[at] !== null) run.push(at);
      else if (run.length) { runs.push(run); run = []; }
    });
    if (run.length) runs.push(run);
    return runs.map((places) => {
      const back = [...places].reverse();
      return {
        type: "scatter", mode: "lines", fill: "toself", hoverinfo: "skip", showlegend: false,
        x: [...places, ...back].map((at) => along[at]),
        y: [...places.map((at) => high[at]), ...back.map((at) => low[at])],
        line: { width: 0 }, fillcolor: faded(tone, 0.16),
      };
    });
  };

  const lines = (block) => block.series.flatMap((series, place) => {
    const tone = toneOf(series, place);
    const line = {
      type: "scatter", mode: "lines+markers", name: plain(series.name), x: block.x,
      y: scaled(block, series.y), connectgaps: false, ...hover(series),
      line: { color: tone, width: 2, dash: DASHES[place % DASHES.length] },
      marker: { color: tone, size: 6, symbol: SYMBOLS[place % SYMBOLS.length] },
    };
    return [...bands(block, series, tone), line];
  });

  const bars = (block) => block.series.map((series, place) => {
    // Steps of one thing are steps of one colour.
    const step = 1 - (0.78 * place) / Math.max(block.series.length - 1, 1);
    const stepped = block.stacked && series.tone === undefined;
    const fill = stepped ? mixed(colour(TONES[0]), step) : toneOf(series, place);
    return {
      type: "bar", name: plain(series.name), x: block.x, y: scaled(block, series.y), ...hover(series),
      marker: { color: fill, line: { color: colour("--panel"), width: 1 } },
    };
  });

  // From the top to the bottom, as it is read.
  const steps = (block, narrow) => block.series.map((series, place) => ({
    type: "bar", orientation: "h", name: plain(series.name), x: scaled(block, series.y), y: block.x.map(plain),
    text: series.said.map(plain), textposition: narrow ? "outside" : "auto", insidetextanchor: "end", cliponaxis: false,
    textfont: { color: colour("--ink") }, insidetextfont: { color: colour("--accent-ink") },
    ...hover(series), marker: { color: toneOf(series, place) },
  }));

  const intervals = (block, narrow) => block.series.map((series, place) => {
    const tone = toneOf(series, place);
    const at = scaled(block, series.y);
    const low = scaled(block, series.low);
    const high = scaled(block, series.high);
    const reach = (end, sign) => at.map((one, i) => (one === null || end[i] === null ? 0 : sign * (end[i] - one)));
    return {
      type: "scatter", mode: "markers", name: plain(series.name), ...hover(series),
      x: at, y: block.x.map((one) => plain(shorter(one, narrow ? 14 : 34))),
      error_x: {
        type: "data", symmetric: false, array: reach(high, 1), arrayminus: reach(low, -1),
        color: tone, thickness: 2, width: 5,
      },
      marker: { color: tone, size: 9, symbol: SYMBOLS[place % SYMBOLS.length] },
    };
  });

  // Of what lies on a diagonal every point has its interval; of a curve it is a band.
  const curves = (block) => {
    const drawn = block.series.flatMap((series, place) => {
      const tone = toneOf(series, place);
      const which = (series.tone ?? place) % DASHES.length;
      const single = series.x.length === 1;
      const reach = (end, sign) => series.y.map((one, at) => sign * (end[at] - one));
      const ends = { type: "data", symmetric: false, array: reach(series.high, 1), arrayminus: reach(series.low, -1),
        color: faded(tone, 0.6), thickness: 1.5, width: 3 };
      const line = {
        type: "scatter", mode: single ? "markers" : block.diagonal ? "lines+markers" : "lines", name: plain(series.name),
        x: series.x, y: series.y, ...hover(series), ...(single || block.diagonal ? { error_y: ends } : {}),
        line: { color: tone, width: 2, dash: DASHES[which] },
        marker: { color: tone, size: single ? 12 : 7, symbol: SYMBOLS[which], line: { color: colour("--panel"), width: 1 } },
      };
      return single || block.diagonal ? [line] : [...bands(block, series, tone), line];
    });
    const ideal = { type: "scatter", mode: "lines", x: [0, 1], y: [0, 1], hoverinfo: "skip", showlegend: false,
      line: { color: colour("--edge"), width: 1, dash: "dot" } };
    return block.diagonal ? [ideal, ...drawn] : drawn;
  };

  const KINDS = { lines, bars, steps, intervals, curves };

  const scale = (block) => {
    const common = { gridcolor: colour("--line"), linecolor: colour("--edge"), zerolinecolor: colour("--edge"),
      automargin: true, fixedrange: true, tickfont: { size: 12 } };
    const unit = { share: { tickformat: ",.0%" }, points: { tickformat: ",.1~f" } }[block.unit];
    return [common, { ...common, ...(unit ?? { tickformat: "," }) }];
  };

  const DAY = 86400000;

  // Days of the week stand under the points themselves, as many as there is room for.
  const ticksOf = (block, most) => {
    if (!block.dates || block.x.length < 2) return { nticks: most };
    const apart = Date.parse(block.x[1]) - Date.parse(block.x[0]);
    const each = Math.max(1, Math.ceil(block.x.length / most));
    return { tick0: block.x[0], dtick: each * Math.max(apart, DAY) };
  };

  // Of a row of steps on a narrow screen: its name above its bars, which leaves their text the width.
  const NAME_HIGH = 30;
  const BAR_HIGH = 24;

  const namesAbove = (block) => block.x.map((name) => ({
    text: plain(shorter(name, 34)), font: { size: 12 }, showarrow: false, xref: "paper", x: 0, xanchor: "left",
    y: plain(name), yref: "y", yanchor: "bottom", yshift: (BAR_HIGH * block.series.length) / 2,
  }));

  // Both axes are shares, and what is right or not is told apart by eye only up to the very ends.
  const curvedAxes = (block, values, title) => ({
    xaxis: { ...values, range: [0, 1.02], nticks: 6, tickangle: 0, tickformat: ",.0%",
      title: { text: plain(block.across), font: { size: 12 }, standoff: 6 } },
    yaxis: { ...values, tickformat: ",.0%", title, ...(block.diagonal ? { range: [0, 1.02] } : { rangemode: "normal" }) },
  });

  const layoutOf = (block, width, narrow) => {
    const [names, values] = scale(block);
    const sideways = block.kind === "intervals" || block.kind === "steps";
    const along = { ...names, type: block.dates ? "date" : "category", ...ticksOf(block, narrow ? 2 : Math.min(8, Math.floor(width / 110))),
      ...(block.dates ? { tickformat: "%Y-%m-%d", hoverformat: "%Y-%m-%d" } : {}), tickangle: 0 };
    const title = block.title ? { text: plain(block.title), font: { size: 12 }, standoff: 6 } : undefined;
    // What a step says stands beside its bar where there is no room within.
    const most = Math.max(...block.series.flatMap((series) => scaled(block, series.y)), 0);
    const stepped = block.kind === "steps" && narrow;
    const room = stepped ? { range: [0, 2.2 * most], nticks: 2 } : {};
    const barred = BAR_HIGH * block.series.length;
    const curved = block.kind === "curves";
    const each = stepped ? NAME_HIGH + barred : block.kind === "steps" ? 40 : 30;
    const height = curved ? 340 : sideways ? 70 + Math.max(block.x.length, 2) * each : 300;
    return {
      width, height, autosize: false, separators: block.separators,
      paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
      font: { color: colour("--ink"), family: getComputedStyle(document.body).fontFamily, size: 13 },
      margin: { l: 8, r: narrow ? 12 : 24, t: 12, b: 8 },
      barmode: block.stacked ? "stack" : "group", bargap: stepped ? NAME_HIGH / each : sideways ? 0.3 : 0.25,
      annotations: stepped ? namesAbove(block) : [],
      hovermode: sideways || curved ? "closest" : "x unified", dragmode: false,
      hoverlabel: { bgcolor: colour("--panel"), bordercolor: colour("--edge"), font: { color: colour("--ink") } },
      showlegend: block.series.length > 1,
      legend: { orientation: "h", x: 0, y: curved ? -0.24 : -0.2, yanchor: "top", font: { size: 12 } },
      ...(curved ? curvedAxes(block, values, title) : {
      xaxis: sideways ? { ...values, title, nticks: narrow ? 3 : 9, tickangle: 0, rangemode: "tozero", ...room } : along,
      yaxis: sideways
        ? { ...names, type: "category", autorange: "reversed", nticks: undefined, showticklabels: !stepped, showgrid: !stepped }
        : { ...values, title: narrow ? undefined : title, rangemode: "tozero" },
      }),
    };
  };

  const draw = (figure) => {
    const block = JSON.parse(figure.querySelector("script[type='application/json']").textContent);
    const plot = figure.querySelector(".plot");
    plot.hidden = false;
    const width = onPaper ? PAPER_WIDTH : Math.floor(plot.getBoundingClientRect().width);
    const narrow = width < NARROW;
    Plotly.react(plot, KINDS[block.kind](block, narrow), layoutOf(block, width, narrow), {
      displayModeBar: false, scrollZoom: false, doubleClick: false, showTips: false, responsive: false,
    });
    figure.dataset.drawn = onPaper ? "paper" : "screen";
  };

  const figures = [...document.querySelectorAll("figure.chart")];
  const drawAll = () => figures.forEach(draw);

  const toPaper = (is) => {
    if (onPaper === is) return;
    onPaper = is;
    root.classList.toggle("paper", is);
    drawAll();
  };

  if (!window.Plotly) return;
  // Its table is open as long as nothing is drawn.
  for (const figure of figures) figure.parentElement.querySelector("details.behind")?.removeAttribute("open");
  drawAll();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
  matchMedia("print").addEventListener("change", (event) => toPaper(event.matches));
  window.addEventListener("beforeprint", () => toPaper(true));
  window.addEventListener("afterprint", () => toPaper(false));
  let waiting = 0;
  let before = window.innerWidth;
  window.addEventListener("resize", () => {
    if (window.innerWidth === before) return;
    before = window.innerWidth;
    clearTimeout(waiting);
    waiting = setTimeout(drawAll, 120);
  });
})();
