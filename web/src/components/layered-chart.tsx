import { type MouseEvent, type ReactNode, useState } from "react";
import { type Place, type Plot, placeIn } from "./plot.ts";
import { useWidth } from "./use-width.ts";

/** A chart between two drawings that share its plot: grounds and levels under the lines, markers and names over them. */
export function LayeredChart({
  plot,
  height,
  layers,
  pick,
  children,
}: {
  plot: Plot;
  height: number;
  layers: (place: Place) => { under?: ReactNode; over?: ReactNode };
  pick?: ((position: number) => void) | undefined;
  children: ReactNode;
}) {
  const [element, setElement] = useState<HTMLDivElement | null>(null);
  const width = useWidth(element);
  const place = placeIn(plot, { width, height });
  const drawn = width === 0 ? {} : layers(place);
  const click = (event: MouseEvent<HTMLDivElement>) => {
    const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
    if (x < place.left || x > place.right) return;
    pick?.(plot.from + ((x - place.left) / (place.right - place.left)) * (plot.to - plot.from));
  };
  return (
    // The mouse's short cut; by keyboard a page has its own way to choose.
    // biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/noStaticElementInteractions: see above
    <div
      ref={setElement}
      className={pick === undefined ? "layered" : "layered pickable"}
      style={{ height }}
      onClick={click}
    >
      <svg className="layer" aria-hidden="true">
        {drawn.under}
      </svg>
      {children}
      <svg className="layer" aria-hidden="true">
        {drawn.over}
      </svg>
    </div>
  );
}
