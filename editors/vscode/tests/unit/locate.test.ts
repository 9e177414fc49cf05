import assert from 'node:assert/strict';
import { test } from 'node:test';
import { locateServer, type Surroundings } from '../../src/locate';

function among(programs: string[], at: Partial<Surroundings> = {}) {
  return locateServer({
    setting: '',
    extensionFolder: '/extension',
    workspaceFolder: '/mission',
    home: '/home/legal',
    searchPath: '/usr/bin:/opt/mandate/bin',
    platform: 'linux',
    isProgram: (file) => programs.includes(file),
    ...at,
  });
}

test('the setting comes before the bundled program', () => {
  const located = among(['/opt/m', '/extension/server/mandate'], { setting: '/opt/m' });
  assert.deepEqual(located, { found: true, program: '/opt/m', origin: 'setting' });
});

test('a setting that leads nowhere is an error, not a reason to run another program', () => {
  const located = among(['/extension/server/mandate'], { setting: '/opt/m' });
  assert.equal(located.found, false);
  assert.match(located.found ? '' : located.reason, /mandate\.server\.path names "\/opt\/m"/);
});

test('the setting may start at home or in the workspace folder', () => {
  assert.deepEqual(among(['/home/legal/bin/mandate'], { setting: '~/bin/mandate' }), {
    found: true,
    program: '/home/legal/bin/mandate',
    origin: 'setting',
  });
  assert.deepEqual(among(['/mission/tools/mandate'], { setting: 'tools/mandate' }), {
    found: true,
    program: '/mission/tools/mandate',
    origin: 'setting',
  });
  assert.equal(among([], { setting: 'tools/mandate', workspaceFolder: undefined }).found, false);
});

test('the bundled program comes before the one on the search path', () => {
  assert.deepEqual(among(['/extension/server/mandate', '/usr/bin/mandate']), {
    found: true,
    program: '/extension/server/mandate',
    origin: 'bundled',
  });
});

test('the search path is read in its order', () => {
  assert.deepEqual(among(['/opt/mandate/bin/mandate']), { found: true, program: '/opt/mandate/bin/mandate', origin: 'search path' });
});

test('a relative entry of the search path is passed over', () => {
  assert.equal(among(['mandate', './mandate', 'bin/mandate'], { searchPath: '.:bin:' }).found, false);
});

test('nothing found says where was looked and which setting helps', () => {
  const located = among([]);
  assert.match(located.found ? '' : located.reason, /neither bundled with the extension nor on PATH.*mandate\.server\.path/s);
});
