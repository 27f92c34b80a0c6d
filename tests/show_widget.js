// As anywidget shows it: a module from a text, and a model whose `state` is what the kernel sent and
// what the widget has set. What the widget saves is `saved`, `receive` is a change by the kernel, and
// `end` is what anywidget calls when the cell is run again.
window.show = async ({_esm, ...state}) => {
    const module = new Blob([_esm], {type: "text/javascript"});
    const {default: definition} = await import(URL.createObjectURL(module));
    const widget = typeof definition === "function" ? await definition() : definition;
    for (const [name, {base64}] of Object.entries(state)) {
        const bytes = base64 && Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0));
        if (bytes) state[name] = new DataView(bytes.buffer);
    }
    const listeners = new Map();
    const set = (name, value) => {
        if (state[name] === value) return;
        state[name] = value;
        for (const listener of listeners.get(`change:${name}`) ?? []) listener();
    };
    const model = {
        get: (name) => state[name],
        set,
        on: (event, listener) => listeners.set(event, [...listeners.get(event) ?? [], listener]),
        off: (event, listener) => listeners.set(event,
            (listeners.get(event) ?? []).filter((other) => other !== listener)),
        save_changes: () => (window.saved = {...state}),
    };
    await widget.initialize?.({model});
    const view = () => widget.render({model, el: document.body.appendChild(document.createElement("main"))});
    Object.assign(window, {state, receive: set, view, end: view()});
};
