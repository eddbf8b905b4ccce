// Takes memory and gives it back, many times over.
let total: i64 = 0;
for (let round = 0; round < 60; round++) {
  const buffers = new Array<Uint8Array>();
  for (let i = 0; i < 40; i++) {
    const buffer = new Uint8Array(1000 * (i + 1));
    buffer[i] = <u8>round;
    buffers.push(buffer);
  }
  for (let i = 0; i < 40; i++) total += buffers[i][i];
}
console.log(total.toString());
