// Counts words, and wishes a good week on Mondays.

const text = host.input();
if (new Date(host.now()).getUTCDay() === 1) print("Have a good week!");
print(`${text.split(/\s+/).filter(Boolean).length}`);
