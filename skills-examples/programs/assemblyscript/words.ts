// Counts words in a table that grows.
const counts = new Map<string, i32>();
const names = ["alpha", "beta", "gamma", "delta"];
for (let i = 0; i < 40000; i++) {
  const word = names[(i * 7) % 4] + (i % 97).toString();
  counts.set(word, (counts.has(word) ? counts.get(word) : 0) + 1);
}
const keys = counts.keys().sort();
console.log(keys.length.toString());
console.log(keys[0] + " " + counts.get(keys[0]).toString());
