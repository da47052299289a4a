// Pictures of what a page lists anyway, drawn by uPlot. Without this file the lists and tables say the same.
"use strict";

const NARROW = 600;

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

function inWords(_, values) {
  const form = { day: "numeric", month: "short", timeZone: "UTC" };
  const year = { ...form, year: "2-digit" };
  const long = values.length > 1 && values.at(-1) - values[0] > 300 * 86400;
  return values.map((at) => new Date(at * 1000).toLocaleDateString("en-GB", long ? year : form));
}

function seconds(day) {
  return Date.parse(`${day}T00:00:00Z`) / 1000;
}

function axis(more) {
  const line = { stroke: colour("line"), width: 1 };
  return { stroke: colour("text"), font: "13px system-ui, sans-serif", grid: line, ticks: line, ...more };
}

function plot(place, height, data, { scales, axes, series }) {
  const options = { width: place.clientWidth, height, scales, axes, series: [{}, ...series] };
  options.legend = { show: false };
  options.cursor = { show: false };
  options.tzDate = (at) => uPlot.tzDate(new Date(at * 1000), "Etc/UTC");
  return new uPlot(options, data, place);
}

function bars(name, size) {
  const hue = colour(name);
  return { stroke: hue, fill: hue, paths: uPlot.paths.bars({ size }), points: { show: false } };
}

function numbers(table, column) {
  return [...document.querySelectorAll(`#${table} td[data-${column}]`)].map((cell) => Number(cell.dataset[column]));
}

// The share that was right in each bin of confidence, beside the line on which it would be as expected.
function precision(place) {
  const low = numbers("precision-table", "low");
  const right = numbers("precision-table", "right");
  const middle = [0.1, 0.3, 0.5, 0.7, 0.9];
  const found = middle.map((at) => {
    const bin = low.findIndex((from) => Math.abs(from + 0.1 - at) < 0.01);
    return bin === -1 ? null : right[bin];
  });
  const percents = (_, values) => values.map((value) => `${Math.round(value * 100)} %`);
  return plot(place, 240, [middle, found, middle], {
    scales: { x: { time: false, range: [0, 1] }, y: { range: [0, 1] } },
    axes: [axis({ values: percents, splits: [0, 0.2, 0.4, 0.6, 0.8, 1] }), axis({ values: percents, size: 60 })],
    series: [bars("agree", [0.7]), { stroke: colour("text"), width: 2, dash: [6, 5], points: { show: false } }],
  });
}

// Judgements a day; days without one are there too.
function days(place) {
  const known = new Map();
  for (const row of document.querySelectorAll("#days-table [data-day]")) known.set(row.dataset.day, Number(row.dataset.count));
  const all = [...known.keys()].map(seconds).sort((a, b) => a - b);
  const first = Math.min(all[0], all.at(-1) - 6 * 86400);
  const x = [];
  for (let at = first; at <= all.at(-1); at += 86400) x.push(at);
  const y = x.map((at) => known.get(new Date(at * 1000).toISOString().slice(0, 10)) ?? null);
  const whole = (_, values) => values.map((value) => (Number.isInteger(value) ? String(value) : ""));
  return plot(place, 200, [x, y], {
    scales: { x: { range: [x[0] - 43200, x.at(-1) + 43200] }, y: { range: [0, Math.max(...y) * 1.1] } },
    axes: [axis({ values: inWords, incrs: [1, 2, 7, 14, 28].map((number) => number * 86400), space: 70 }), axis({ values: whole, size: 50 })],
    series: [bars("neutral", [0.7, 60])],
  });
}

// What a speaker said, a row for each story; statements of one day stand beside each other.
function topics(place) {
  const lists = [...document.querySelectorAll("[data-topic]")].slice(0, 12).reverse();
  const rows = [];
  lists.forEach((list, lane) => {
    const met = new Map();
    for (const one of list.querySelectorAll("li[data-at]")) {
      const before = met.get(one.dataset.at) ?? 0;
      met.set(one.dataset.at, before + 1);
      rows.push([seconds(one.dataset.at), lane + ((before % 5) - 2) * 0.14, one.hasAttribute("data-changed")]);
    }
  });
  if (!rows.length) return null;
  rows.sort((a, b) => a[0] - b[0]);
  const x = rows.map((row) => row[0]);
  const most = place.clientWidth < NARROW ? 16 : 30;
  const names = lists.map((list) => list.dataset.topic).map((name) => (name.length > most ? `${name.slice(0, most - 1)}…` : name));
  const dots = (name, size) => ({ stroke: colour(name), paths: () => null, points: { show: true, size, fill: colour(name) } });
  const margin = Math.max((x.at(-1) - x[0]) * 0.05, 3 * 86400);
  return plot(place, 60 + 44 * lists.length, [x, rows.map((row) => (row[2] ? null : row[1])), rows.map((row) => (row[2] ? row[1] : null))], {
    scales: { x: { range: [x[0] - margin, x.at(-1) + margin] }, y: { range: [-0.6, lists.length - 0.4] } },
    axes: [axis({ values: inWords, space: 80 }), axis({ splits: lists.map((_, lane) => lane), values: () => names, size: most * 7.5 + 14 })],
    series: [dots("primary", 8), dots("conflict", 11)],
  });
}

const KINDS = { precision, days, topics };
const drawn = new Map();

function draw() {
  for (const place of document.querySelectorAll("[data-chart]")) {
    drawn.get(place)?.destroy();
    const figure = place.closest("figure");
    figure.hidden = false;
    const made = KINDS[place.dataset.chart](place);
    figure.hidden = !made;
    drawn.set(place, made);
  }
}

let waiting = 0;
document.addEventListener("DOMContentLoaded", draw);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
window.addEventListener("resize", () => {
  clearTimeout(waiting);
  waiting = setTimeout(draw, 150);
});
