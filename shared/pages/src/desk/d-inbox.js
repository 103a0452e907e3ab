{
  // The key by which a thing of a list is dealt with goes along with the row that is chosen.
  document.addEventListener('focusin', (event) => {
    const row = event.target instanceof Element ? event.target.closest('.list > li') : null;
    const chosen = row?.querySelector('button[data-act]');
    if (!chosen || !document.querySelector('button[data-act][data-key]')) return;
    for (const it of document.querySelectorAll('button[data-act]')) {
      it.removeAttribute('data-key');
      it.removeAttribute('data-does');
    }
    chosen.setAttribute('data-key', 'x');
    chosen.setAttribute('data-does', chosen.getAttribute('data-act') ?? '');
  });
}
