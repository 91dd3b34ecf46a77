/**
 * Who may import whom (docs/architecture.md). `scripts/boundaries.mjs` runs it over the tree and over the planted
 * violations in test/boundaries/planted, one folder per rule name here.
 * @type {import('dependency-cruiser').IConfiguration}
 */
const layer = (name) => `^src/${name}/`;
const inPackage = (pattern) => `(^|/)node_modules/(${pattern})(/|$)`;
const databasePackages = 'typeorm|mysql2|libsql|better-sqlite3|@libsql/[^/]+';

/** Checked on the compiled tree, where imports of mere types are gone: those may point back. */
const noCycles = {
  name: 'no-cycles',
  comment: 'Two modules that need each other at run time are one module, or hide a third.',
  severity: 'error',
  from: {},
  to: { circular: true },
};

module.exports = {
  compiled: [noCycles],
  forbidden: [
    {
      name: 'core-knows-no-layer',
      comment: 'The core says what the business means; it must stand without any of the layers around it.',
      severity: 'error',
      from: { path: layer('core') },
      to: { path: '^src/(adapters|persistence|platform|bootstrap|main\\.ts)' },
    },
    {
      name: 'core-knows-no-node',
      comment:
        'Files, sockets, hashes and the like reach the core through ports, so that it runs and tests without I/O.',
      severity: 'error',
      from: { path: layer('core') },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'core-knows-no-framework',
      comment: 'A framework in the core could never be replaced. Plain value libraries (temporal-polyfill) are fine.',
      severity: 'error',
      from: { path: layer('core') },
      to: {
        dependencyTypes: ['npm', 'npm-dev', 'npm-no-pkg', 'npm-unknown'],
        pathNot: inPackage('temporal-polyfill|temporal-spec'),
      },
    },
    {
      name: 'platform-knows-only-shared',
      comment: 'Platform is technical words only: of our code it may see the shared kernel and itself.',
      severity: 'error',
      from: { path: layer('platform') },
      to: { path: '^src/', pathNot: '^src/(platform|core/shared)/' },
    },
    {
      name: 'shared-stands-alone',
      comment: 'The shared kernel is under every context, so it imports none of them.',
      severity: 'error',
      from: { path: '^src/core/shared/' },
      to: { path: '^src/', pathNot: '^src/core/shared/' },
    },
    {
      name: 'database-only-in-persistence',
      comment:
        'Only persistence, the migrations and ormconfig.ts speak to a database; everybody else goes through ports.',
      severity: 'error',
      from: { path: '^src/', pathNot: layer('persistence') },
      to: { path: inPackage(databasePackages) },
    },
    {
      name: 'persistence-knows-no-adapter',
      comment: 'The database does not depend on who asks it.',
      severity: 'error',
      from: { path: layer('persistence') },
      to: { path: '^src/(adapters|bootstrap|main\\.ts)' },
    },
    {
      name: 'adapter-knows-no-persistence',
      comment: 'An adapter uses use cases and readers through the core, so that every transport meets the same rules.',
      severity: 'error',
      from: { path: layer('adapters') },
      to: { path: '^src/(persistence|bootstrap|main\\.ts)' },
    },
    {
      name: 'adapter-knows-no-adapter',
      comment: 'Adapters do not lean on one another.',
      severity: 'error',
      from: { path: '^src/adapters/([^/]+)/' },
      to: { path: '^src/adapters/([^/]+)/', pathNot: '^src/adapters/$1/' },
    },
    {
      name: 'protocol-knows-only-its-kit',
      comment: 'A SOAP or REST protocol may import its kit and never another protocol; the kit knows no protocol.',
      severity: 'error',
      from: { path: '^src/adapters/(soap|rest)/([^/]+)/' },
      to: {
        path: '^src/adapters/(soap|rest)/([^/]+)/',
        pathNot: ['^src/adapters/$1/$2/', '^src/adapters/(soap|rest)/kit/'],
      },
    },
    {
      name: 'context-through-its-index',
      comment: 'Outside a context only its index.ts is known, so that its inside can change.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/core/[^/]+/' },
      to: { path: '^src/core/[^/]+/.+', pathNot: ['^src/core/[^/]+/index\\.ts$', '^src/core/shared/'] },
    },
    {
      name: 'context-through-its-index-inside-core',
      comment: 'One context uses another only through its index.ts too.',
      severity: 'error',
      from: { path: '^src/core/([^/]+)/' },
      to: {
        path: '^src/core/[^/]+/.+',
        pathNot: ['^src/core/$1/', '^src/core/[^/]+/index\\.ts$', '^src/core/shared/'],
      },
    },
    {
      name: 'bootstrap-only-from-main',
      comment: 'The composition root knows everybody; if anybody knew it, everything would depend on everything.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(bootstrap/|main\\.ts)' },
      to: { path: '^src/(bootstrap/|main\\.ts)' },
    },
    {
      name: 'resolvable',
      comment: 'An import that cannot be resolved would silently escape every rule above.',
      severity: 'error',
      from: { path: '^src/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    parser: 'swc',
    tsPreCompilationDeps: true,
    detectProcessBuiltinModuleCalls: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.mjs', '.json'],
      extensionAlias: { '.js': ['.ts', '.js'] },
      conditionNames: ['import', 'node', 'default', 'types'],
      exportsFields: ['exports'],
    },
  },
};
