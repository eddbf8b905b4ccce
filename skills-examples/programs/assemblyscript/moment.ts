// Says when it is, and draws.
console.log(new Date(Date.now()).toISOString());
console.log((Math.random() < 1.0).toString());
console.log((performance.now() >= 0).toString());
