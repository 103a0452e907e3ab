// What the pages of the API can do with scripts: filter the list of operations, copy a command.
'use strict';

(() => {
  const box = document.querySelector('[data-search]');
  if (box) {
    const input = box.querySelector('input');
    const told = box.querySelector('[data-found]');
    const groups = [...document.querySelectorAll('[data-group]')];
    const filter = () => {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      let count = 0;
      for (const group of groups) {
        const heading = group.querySelector('h3').textContent;
        let here = 0;
        for (const item of group.querySelectorAll('li')) {
          const text = `${heading} ${item.textContent}`.toLowerCase();
          item.hidden = !words.every((it) => text.includes(it));
          here += item.hidden ? 0 : 1;
        }
        group.hidden = here === 0;
        count += here;
      }
      told.textContent = words.length ? told.dataset.found.replace('{n}', count) : '';
    };
    input.addEventListener('input', filter);
    box.hidden = false;
    filter();
  }
  if (!navigator.clipboard) return;
  const isChinese = document.documentElement.lang.startsWith('zh');
  const [copy, copied] = isChinese ? ['复制', '已复制'] : ['Copy', 'Copied'];
  for (const code of document.querySelectorAll('code.shell')) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'second copy';
    button.textContent = copy;
    button.setAttribute('aria-label', `${copy}: ${code.closest('section').id}`);
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = copied;
    });
    code.parentNode.after(button);
  }
})();
