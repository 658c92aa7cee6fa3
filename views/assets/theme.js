// Runs before the first paint, and only when the server could not know the theme: nobody chose one and the browser gave
// no hint. The style sheet follows the system by itself; this tells the rest of Tabler.
(() => {
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => document.documentElement.setAttribute('data-bs-theme', dark.matches ? 'dark' : 'light');
  apply();
  dark.addEventListener('change', apply);
})();
