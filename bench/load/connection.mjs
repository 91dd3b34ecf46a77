import { once } from 'node:events';
import { connect } from 'node:net';

const headEnd = Buffer.from('\r\n\r\n');
const chunkedEnd = Buffer.from('\r\n0\r\n\r\n');

/** The bytes of one HTTP request on a keep-alive connection. */
export function requestBytes({ method = 'POST', path, headers = {}, body = '' }, port) {
  const lines = [`${method} ${path} HTTP/1.1`, `Host: localhost:${port}`, 'Connection: keep-alive'];
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  if (method === 'POST') lines.push(`Content-Length: ${Buffer.byteLength(body)}`);
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${body}`);
}

/**
 * One keep-alive connection that sends bytes and says when the whole answer is there: as little work as possible, because
 * the generator shares the machine with what it measures.
 */
export async function openConnection(port) {
  const socket = connect(port, '127.0.0.1');
  socket.setNoDelay(true);
  await once(socket, 'connect');
  let received;
  let settle;
  const fail = (error) => {
    settle?.reject(error ?? new Error('the server closed the connection'));
    settle = undefined;
  };
  socket.on('error', fail);
  socket.on('close', () => fail());
  socket.on('data', (chunk) => {
    received = received === undefined ? chunk : Buffer.concat([received, chunk]);
    if (!isComplete(received)) return;
    const answer = received;
    const { resolve } = settle;
    received = settle = undefined;
    resolve(answer);
  });
  return {
    send(bytes) {
      return new Promise((resolve, reject) => {
        settle = { resolve, reject };
        socket.write(bytes);
      });
    },
    close: () => socket.destroy(),
  };
}

function isComplete(bytes) {
  const end = bytes.indexOf(headEnd);
  if (end === -1) return false;
  const length = /\r\ncontent-length: *(\d+)/i.exec(bytes.latin1Slice(0, end));
  if (length !== null) return bytes.length >= end + 4 + Number(length[1]);
  return bytes.length > end + 4 && bytes.subarray(-chunkedEnd.length).equals(chunkedEnd);
}
