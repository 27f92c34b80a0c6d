// As anywidget shows it: a module from a text, and a model whose `state` is what the kernel sent
// and what the widget has set; `end` is what it calls when the cell is run again.
window.show = async ({_esm, ...state}) => {
    const module = new Blob([_esm], {type: "text/javascript"});
    const {default: widget} = await import(URL.createObjectURL(module));
    for (const [name, {base64}] of Object.entries(state)) {
        const bytes = base64 && Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0));
        if (bytes) state[name] = new DataView(bytes.buffer);
    }
    const el = document.body.appendChild(document.createElement("main"));
    const set = (name, value) => (state[name] = value);
    const model = {get: (name) => state[name], set, on() {}, off() {}, save_changes() {}};
    window.state = state;
    window.end = widget.render({model, el});
};
