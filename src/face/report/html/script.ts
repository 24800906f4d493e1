/**
 * All that a page does beyond its text: filters, links to one cause, copying, printing what is folded. It is small enough to
 * be read in the page, and a page without it shows everything.
 */
export const SCRIPT = `
const causes = [...document.querySelectorAll('.cause')];
const form = document.querySelector('.filters');
const shown = document.querySelector('.shown');
const words = causes.map((cause) => cause.querySelector('summary').textContent.toLowerCase());

function filter() {
  const wanted = [...new FormData(form)].filter(([, value]) => value !== '');
  let count = 0;
  causes.forEach((cause, index) => {
    const fits = wanted.every(([name, value]) =>
      name === 'text' ? words[index].includes(value.toLowerCase()) : cause.dataset[name] === value);
    cause.hidden = !fits;
    if (fits) count++;
  });
  shown.textContent = count + ' of ' + causes.length;
  return wanted;
}

function keep() {
  const wanted = filter();
  history.replaceState(null, '', '#' + new URLSearchParams(wanted));
}

/** Follows the address: '#cause-…' opens one cause, '#table=orders' fills in the filters. */
function follow() {
  const name = location.hash.slice(1);
  const cause = name.startsWith('cause-') ? document.getElementById(name) : null;
  if (form && !cause) {
    const wanted = new URLSearchParams(name);
    for (const field of form.elements) if (field.name) field.value = wanted.get(field.name) ?? '';
    for (const field of form.elements) if (field.selectedIndex === -1) field.value = '';
    filter();
  }
  if (!cause) return;
  if (cause.hidden) { form.reset(); filter(); }
  cause.open = true;
  cause.scrollIntoView();
  cause.querySelector('summary').focus({ preventScroll: true });
}

if (form) {
  form.hidden = false;
  form.addEventListener('input', keep);
  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('reset', () => setTimeout(keep));
}
for (const button of document.querySelectorAll('.copy')) button.hidden = !navigator.clipboard;
document.addEventListener('click', async ({ target }) => {
  const button = target.closest?.('.copy');
  if (!button) return;
  await navigator.clipboard.writeText(button.previousElementSibling.textContent);
  button.textContent = 'copied';
  setTimeout(() => { button.textContent = 'copy'; }, 2000);
});
let folded = [];
addEventListener('beforeprint', () => {
  folded = [...document.querySelectorAll('details:not([open])')];
  for (const one of folded) one.open = true;
});
addEventListener('afterprint', () => { for (const one of folded) one.open = false; });
addEventListener('hashchange', follow);
// The browser goes to the address itself before that, and takes the focus along.
addEventListener('load', () => requestAnimationFrame(follow));
`;
