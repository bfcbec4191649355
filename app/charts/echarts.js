// The part of ECharts that Sluice draws with, bundled into dist/echarts.js and imported when the first panel needs it.
import * as echarts from "echarts/core";
import {
  BarChart,
  BoxplotChart,
  CustomChart,
  HeatmapChart,
  LineChart,
  SankeyChart,
  ScatterChart,
  TreeChart,
} from "echarts/charts";
import {
  AriaComponent,
  BrushComponent,
  DatasetComponent,
  DataZoomComponent,
  GridComponent,
  MarkAreaComponent,
  MarkLineComponent,
  MarkPointComponent,
  ToolboxComponent,
  TooltipComponent,
  VisualMapComponent,
} from "echarts/components";
import { CanvasRenderer, SVGRenderer } from "echarts/renderers";

echarts.use([
  AriaComponent,
  BarChart,
  BoxplotChart,
  BrushComponent,
  CanvasRenderer,
  CustomChart,
  DatasetComponent,
  DataZoomComponent,
  GridComponent,
  HeatmapChart,
  LineChart,
  MarkAreaComponent,
  MarkLineComponent,
  MarkPointComponent,
  SankeyChart,
  ScatterChart,
  SVGRenderer,
  ToolboxComponent,
  TooltipComponent,
  TreeChart,
  VisualMapComponent,
]);

export { echarts };
