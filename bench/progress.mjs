/** On stderr: stdout is the result's. */
export function createProgress(stream = process.stderr) {
  let drawn = false;
  const clear = () => {
    if (drawn) stream.write('\r\u001b[2K');
    drawn = false;
  };
  return {
    say(text) {
      clear();
      stream.write(`${text}\n`);
    },
    bar(label, done, total) {
      if (!stream.isTTY) {
        if (done === total) stream.write(`${label}: done\n`);
        return;
      }
      const filled = Math.round((done / total) * 24);
      stream.write(`\r\u001b[2K${label} [${'='.repeat(filled)}${' '.repeat(24 - filled)}] ${done}/${total}`);
      drawn = true;
      if (done === total) clear();
    },
  };
}
