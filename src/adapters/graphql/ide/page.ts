/** Scripts, styles and data from this origin alone, nothing inline, nobody may frame it. */
export const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The page of the browser tool; everything it needs comes from `base`, so it works without any other network. */
export function renderPage(base: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>Mercator GraphQL</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${base}graphiql.css">
<link rel="stylesheet" href="${base}page.css">
</head>
<body>
<header>
<strong>Mercator GraphQL</strong>
<label for="token">Bearer token</label>
<input id="token" type="password" autocomplete="off" spellcheck="false" placeholder="paste an access token; it is kept in this page only">
<output id="status" for="token">anonymous</output>
</header>
<main id="graphiql"><p>Loading. This page needs JavaScript.</p></main>
<script src="${base}react.js"></script>
<script src="${base}react-dom.js"></script>
<script src="${base}graphiql.js"></script>
<script src="${base}boot.js"></script>
</body>
</html>
`;
}
