// The component: one picker for as long as its place on the page lasts.

export default function facePicker(component) {
  const root = component.parentElement.querySelector(".fcp-root");
  if (!root.fercorePicker) root.fercorePicker = new FacePicker(root);
  root.fercorePicker.update(component);
  return () => {
    root.fercorePicker?.end();
    delete root.fercorePicker;
  };
}
