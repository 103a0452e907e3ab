{
  // The page with the tag of a survey looks every few seconds whether it arrived.

  const LOOK_MS = 3000;
  // Whoever leaves it open all day has seen it by then.
  const LOOKS_MAX = 600;

  /** @param {Element} here */
  const seen = async (here) => {
    const answer = await fetch(here.getAttribute('data-sightings') ?? '', { cache: 'no-store' });
    if (!answer.ok) return '';
    const told = await answer.json();
    /** @type {{seen_at: string}[]} */
    const items = told.items;
    return items.reduce((newest, it) => (newest < it.seen_at ? it.seen_at : newest), '');
  };

  /** @param {Element} here */
  const look = async (here) => {
    const newest = await seen(here);
    if (!newest || newest === here.getAttribute('data-seen')) return;
    const answer = await fetch(location.href, { cache: 'no-store' });
    if (!answer.ok) return;
    const next = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const from = next.querySelector('#arrived [role=status]');
    const to = here.querySelector('[role=status]');
    if (from && to) to.replaceChildren(...from.childNodes);
    here.setAttribute('data-seen', newest);
  };

  desk.prepare((root) => {
    const here = root.querySelector('[data-sightings]');
    if (!here) return;
    let looks = 0;
    const clock = setInterval(() => {
      looks += 1;
      if (LOOKS_MAX < looks || !here.isConnected) clearInterval(clock);
      else if (!document.hidden) look(here).catch(() => {});
    }, LOOK_MS);
  });
}
