import i18next, { type TFunction } from 'i18next';
import { en } from './messages/en.js';
import { es } from './messages/es.js';
import { ja } from './messages/ja.js';

export const languages = ['en', 'es', 'ja'] as const;
export type Language = (typeof languages)[number];

const instance = i18next.createInstance();
await instance.init({
  lng: 'en',
  fallbackLng: 'en',
  resources: { en: { translation: en }, es: { translation: es }, ja: { translation: ja } },
  interpolation: { escapeValue: false }, // the templates escape
});

export function translator(language: Language): TFunction {
  return instance.getFixedT(language);
}

/** The first of the given wishes (language tags or an Accept-Language header) that there are texts for; else English. */
export function chooseLanguage(...wishes: readonly (string | undefined | null)[]): Language {
  for (const wish of wishes) {
    const tags = (wish ?? '').split(/[,\s]+/).map((part) => {
      const [tag = '', ...parameters] = part.split(';');
      const weight = parameters.find((parameter) => parameter.startsWith('q='));
      return { language: tag.toLowerCase().split(/[-_]/)[0], weight: weight ? Number(weight.slice(2)) : 1 };
    });
    const known = tags
      .filter(({ language, weight }) => (languages as readonly string[]).includes(language ?? '') && weight > 0)
      .sort((a, b) => b.weight - a.weight)[0];
    if (known) return known.language as Language;
  }
  return 'en';
}
