/** @type {import('@sveltejs/vite-plugin-svelte').SvelteConfig} */
const config = { compilerOptions: { runes: true } };
// Tools that read Svelte's configuration import a default export: the one place that has one.
export default config;
