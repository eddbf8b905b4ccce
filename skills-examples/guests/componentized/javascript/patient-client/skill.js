// Sends what it is given to a server, and tries again if that fails.
import { instanceNetwork } from 'wasi:sockets/instance-network@0.2.12';
import { createTcpSocket } from 'wasi:sockets/tcp-create-socket@0.2.12';
import { subscribeDuration } from 'wasi:clocks/monotonic-clock@0.2.12';

const ATTEMPTS = 3;

function send(data) {
  const socket = createTcpSocket('ipv4');
  socket.startConnect(instanceNetwork(), { tag: 'ipv4', val: { port: 8080, address: [203, 0, 113, 20] } });
  socket.subscribe().block();
  const [, output] = socket.finishConnect();
  output.blockingWriteAndFlush(data);
}

export function invoke(input) {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    try {
      send(input);
      return Uint8Array.from(`sent ${input.length} bytes`, (char) => char.charCodeAt(0));
    } catch {
      subscribeDuration(attempt * 1_000_000_000).block();
    }
  }
  return Uint8Array.from('not sent', (char) => char.charCodeAt(0));
}
