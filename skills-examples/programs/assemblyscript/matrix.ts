// Multiplies matrices of floats.
const n = 60;
const a = new Float64Array(n * n);
const b = new Float64Array(n * n);
for (let i = 0; i < n * n; i++) {
  a[i] = <f64>i / 7.0;
  b[i] = <f64>(n * n - i) / 3.0;
}
let trace = 0.0;
for (let i = 0; i < n; i++) {
  for (let k = 0; k < n; k++) trace += a[i * n + k] * b[k * n + i];
}
console.log(trace.toString());
