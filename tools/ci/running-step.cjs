// One step as a session of processes of its own, of which nothing is left when it ends.
const { spawn } = require('node:child_process');
const { closeSync, openSync, readFileSync, readdirSync } = require('node:fs');

/** How often memory is looked at, in ms. */
const EVERY = 500;

/** The processes of a session, which Linux lists in /proc; elsewhere none is known. */
function processesOf(session) {
  return idsOfProcesses().filter((id) => {
    const [, fields] = /^.*\) (.*)$/s.exec(textOf(`/proc/${id}/stat`)) ?? [];
    return Number(fields?.split(' ')[3]) === session;
  });
}

function idsOfProcesses() {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number);
  } catch {
    return [];
  }
}

/** A process may end at any moment. */
function textOf(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** The MB that processes hold; what they share counts for each. */
function memoryOf(ids) {
  return ids.reduce((sum, id) => sum + Number(/^VmRSS:\s+(\d+)/m.exec(textOf(`/proc/${id}/status`))?.[1] ?? 0), 0) / 1024;
}

function kill(id) {
  try {
    process.kill(id, 'SIGKILL');
  } catch {
    // It has ended.
  }
}

class RunningStep {
  /** Runs a command, whose output goes to a file. */
  constructor({ command, env }, { cwd, log }) {
    const output = openSync(log, 'w');
    this.from = Date.now();
    this.megabytes = 0;
    this.log = log;
    const [program, ...args] = command;
    this.child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', output, output], detached: true });
    closeSync(output);
    this.timer = setInterval(() => this.#look(), EVERY);
    this.ended = new Promise((resolve) => {
      this.child.on('error', ({ message }) => resolve({ exitCode: 127, message }));
      this.child.on('exit', (code) => resolve({ exitCode: code ?? 1 }));
    }).then((end) => this.#end(end));
  }

  /** Ends it, and all that it has started. */
  stop() {
    if (this.child.pid === undefined) return;
    for (const id of processesOf(this.child.pid)) kill(id);
    kill(-this.child.pid);
  }

  #look() {
    this.megabytes = Math.max(this.megabytes, Math.round(memoryOf(processesOf(this.child.pid))));
  }

  #end({ exitCode, message = '' }) {
    clearInterval(this.timer);
    this.stop();
    return { exitCode, log: readFileSync(this.log, 'utf8') + message, seconds: Math.round((Date.now() - this.from) / 1000), megabytes: this.megabytes };
  }
}

module.exports = { RunningStep };
