import type { OperationContract, Parameter } from '../../contract/index.js';
import type { Reply } from '../respond.js';
import { serviceName } from '../wsdl.js';
import { escapeHtml } from './html.js';
import { backToList, type Place, pageReply } from './layout.js';
import { type Sample, samplesOf } from './samples.js';

/** What an operation does, a form to try it, and a message of each binding. */
export function operationPage(place: Place, operation: OperationContract): Reply {
  const { name, description } = operation;
  const body = `${backToList(place)}
<h2>${name}</h2>
<p>${escapeHtml(description)}</p>
<h3>Test</h3>
<p>To test the operation using the HTTP POST protocol, click the 'Invoke' button.</p>
${formOf(place, operation)}
${samplesOf(place, operation).map(sectionOf).join('\n')}`;
  return pageReply({ title: `${serviceName} Web Service`, body, place });
}

function formOf({ address }: Place, { name, parameters }: OperationContract): string {
  return `<form method="POST" target="_blank" rel="noopener" action="${escapeHtml(address)}/${name}" autocomplete="off">
<table>
<thead><tr><th scope="col">Parameter</th><th scope="col">Value</th></tr></thead>
<tbody>
${parameters.map(rowOf).join('\n')}
</tbody>
</table>
<button type="submit">Invoke</button>
</form>`;
}

function rowOf({ name, mandatory }: Parameter): string {
  const type = /password/i.test(name) ? 'password' : 'text';
  const optional = mandatory ? '' : ' <small>optional</small>';
  return `<tr><td><label for="${name}">${name}</label>${optional}</td><td><input id="${name}" name="${name}" type="${type}" size="50" autocomplete="off" autocapitalize="none" spellcheck="false"></td></tr>`;
}

function sectionOf({ binding, request, response }: Sample): string {
  return `<h3>${binding}</h3>
<p>The following is a sample ${binding} request and response.  The placeholders shown need to be replaced with actual values.</p>
<pre>${request}</pre>
<pre>${response}</pre>`;
}
