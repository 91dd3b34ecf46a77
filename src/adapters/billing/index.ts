export { createSeatPricing, type SeatPricing, type SeatPricingPorts } from './seat-pricing.js';
