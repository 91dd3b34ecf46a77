import type { FastifyError, FastifyInstance } from 'fastify';
import { isDomainError } from '../../../core/shared/errors.js';
import { style, stylePath } from '../pages/style.js';
import { changePassword } from './change-password.js';
import type { SignInContext } from './context.js';
import { enterChoice, enterPage, launchPage } from './enter.js';
import { type PageHandler, pageRequest, show } from './exchange.js';
import { linkAccount, linkPage } from './link.js';
import { notEntitledPage } from './not-entitled.js';
import { signInByPassword, signInPage } from './password.js';
import { forgot, forgotPage, setPasswordByLink, setPasswordPage } from './set-password.js';
import { signedOutPage, signOut, signOutPage } from './sign-out.js';

/** More than any form of ours needs. */
const formBytes = 16_384;

export function signInHandlers(context: SignInContext): readonly ['GET' | 'POST', string, PageHandler][] {
  return [
    ['GET', '/signin', signInPage(context)],
    ['POST', '/signin/password', signInByPassword(context)],
    ['POST', '/signin/change-password', changePassword(context)],
    ['GET', '/signin/not-entitled', notEntitledPage(context)],
    ['GET', '/signin/sign-out', signOutPage(context)],
    ['POST', '/signin/sign-out', signOut(context)],
    ['GET', '/signin/signed-out', signedOutPage()],
    ['GET', '/signin/forgot', forgotPage(context)],
    ['POST', '/signin/forgot', forgot(context)],
    ['GET', '/signin/set-password', setPasswordPage(context)],
    ['POST', '/signin/set-password', setPasswordByLink(context)],
    ['GET', '/sso/ncbs/enter', enterPage(context)],
    ['POST', '/sso/ncbs/enter', enterChoice(context)],
    ['GET', '/sso/launch/enter', launchPage(context)],
    ['GET', '/sso/launch/link', linkPage(context)],
    ['POST', '/sso/launch/link', linkAccount(context)],
  ];
}

/** The sign-in pages as an encapsulated Fastify plugin: forms are the only bodies it reads. */
export function signInRoutes(context: SignInContext) {
  return async (app: FastifyInstance): Promise<void> => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: formBytes },
      (_request, body, done) => done(null, new URLSearchParams(String(body))),
    );
    app.setErrorHandler(async (error: FastifyError, request, reply) => {
      const status = isDomainError(error, 'busy') ? 503 : (error.statusCode ?? 500);
      if (status >= 500) context.ports.logger.error({ err: error }, 'a sign-in page failed');
      const page = pageRequest(request.raw, context.ports.publicUrl);
      const { headers, body } = show(page, 'error', { internal: status >= 500 }, { status, once: true });
      for (const [name, value] of Object.entries(headers)) reply.header(name, value);
      return reply.code(status).send(body);
    });
    app.get(stylePath, async (_request, reply) =>
      reply
        .header('content-type', 'text/css; charset=utf-8')
        .header('cache-control', 'public, max-age=31536000, immutable')
        .header('x-content-type-options', 'nosniff')
        .send(style),
    );
    for (const [method, url, handle] of signInHandlers(context)) {
      app.route({
        method,
        url,
        handler: async (request, reply) => {
          const form = request.body instanceof URLSearchParams ? request.body : new URLSearchParams();
          const { status, headers, body } = await handle(pageRequest(request.raw, context.ports.publicUrl, form));
          reply.code(status);
          for (const [name, value] of Object.entries(headers)) reply.header(name, value);
          return reply.send(body);
        },
      });
    }
  };
}
