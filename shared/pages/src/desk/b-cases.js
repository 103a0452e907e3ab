// Complaints: a key ticks the row that is looked at.
{
  'use strict';

  /** @param {KeyboardEvent} event */
  const tick = (event) => {
    const at = document.activeElement;
    if (event.key !== 'x' || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!at?.matches('.cases [data-row]')) return;
    const box = at.closest('li')?.querySelector('input[type=checkbox]');
    if (!(box instanceof HTMLInputElement)) return;
    box.checked = !box.checked;
    event.preventDefault();
  };

  let isListening = false;
  desk.prepare((root) => {
    if (isListening || !root.querySelector('.cases')) return;
    isListening = true;
    addEventListener('keydown', tick);
  });
}
